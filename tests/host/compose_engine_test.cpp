// Compose as installed on this machine. Where SPILLWAY_TEST_DOCKER_HOST names a Docker Engine that
// has the image spillway-test/busybox:1, a service is really started.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "host/compose_fixture.hpp"
#include "host/compose_locator.hpp"

namespace spillway::host {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using testing::live_run;
using ::testing::Not;

class compose_engine_test : public ::testing::Test {
 protected:
  void SetUp() override {
    std::promise<bool> found;
    compose_locator locator(host_.io, compose_locator::usual_candidates(), testing::deadline);
    locator.locate([&](auto located) { found.set_value(located.has_value()); });
    if (!found.get_future().get()) GTEST_SKIP() << "no compose is installed";
  }
  void need_engine() {
    const char* engine = std::getenv("SPILLWAY_TEST_DOCKER_HOST");
    if (!engine) GTEST_SKIP() << "SPILLWAY_TEST_DOCKER_HOST is not set";
    options_.docker_host = engine;
    std::ofstream(host_.folder() / "docker-compose.yml") << R"(version: "2.4"
services:
  web:
    image: spillway-test/busybox:1
    network_mode: none
    command: ["sh", "-c", "sleep 1000"]
)";
  }
  std::unique_ptr<live_run> run(std::vector<std::string> arguments) {
    compose_processes runner(host_.io, options_);
    actors::compose_command command = host_.command();
    command.project = "spillway-host-test-" + std::to_string(::getpid());
    command.arguments = std::move(arguments);
    auto live = std::make_unique<live_run>(runner, std::move(command));
    EXPECT_TRUE(live->wait_for_exit());
    return live;
  }
  testing::compose_fixture host_;
  compose_processes::options options_;
};

TEST_F(compose_engine_test, runs_the_compose_that_is_installed) {
  std::ofstream(host_.folder() / "docker-compose.yml")
      << "version: \"2.4\"\nservices: {web: {image: \"shop:1\"}}\n";
  const auto live = run({"config", "--services"});
  EXPECT_EQ(live->seen.exit->code, 0) << live->seen.exit->failure;
  EXPECT_THAT(live->seen.lines, Contains("web"));
}

TEST_F(compose_engine_test, passes_on_what_compose_says_of_a_bad_file) {
  std::ofstream(host_.folder() / "docker-compose.yml") << "services: [\n";
  const auto live = run({"up", "-d"});
  EXPECT_NE(live->seen.exit->code, 0);
  EXPECT_FALSE(live->seen.lines.empty());
}

TEST_F(compose_engine_test, starts_and_takes_down_a_service_in_plain_lines) {
  need_engine();
  if (IsSkipped()) return;
  const auto up = run({"up", "-d", "--remove-orphans"});
  EXPECT_EQ(up->seen.exit->code, 0) << ::testing::PrintToString(up->seen.lines);
  EXPECT_THAT(up->seen.lines, Contains(HasSubstr("web")));
  EXPECT_THAT(up->seen.lines, Each(Not(HasSubstr("\x1b"))));
  const auto down = run({"down", "-t", "0"});
  EXPECT_EQ(down->seen.exit->code, 0) << ::testing::PrintToString(down->seen.lines);
}

}  // namespace
}  // namespace spillway::host
