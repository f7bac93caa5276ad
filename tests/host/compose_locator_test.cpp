#include "host/compose_locator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "host/compose_fixture.hpp"

namespace spillway::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using command = compose_locator::command;
using located = tl::expected<command, std::string>;

class compose_locator_test : public ::testing::Test {
 protected:
  std::string program(const std::string& name, const std::string& script) const {
    const std::filesystem::path path = host_.folder() / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }
  static located ask(compose_locator& locator) {
    std::promise<located> answer;
    locator.locate([&](located l) { answer.set_value(std::move(l)); });
    return answer.get_future().get();
  }
  testing::compose_fixture host_;
};

TEST_F(compose_locator_test, takes_the_first_that_can_tell_its_version) {
  const std::string bad = program("bad", "exit 1");
  const std::string good = program("good", "[ \"$*\" = 'compose version' ]");
  compose_locator locator(host_.io, {{"no-such-program"}, {bad}, {good, "compose"}, {"true"}},
                          testing::deadline);
  const located found = ask(locator);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, ElementsAre(good, "compose"));
}

TEST_F(compose_locator_test, tries_each_in_the_environment_of_the_runs_to_come) {
  const std::string picky = program("picky", "[ \"$DOCKER_CONFIG\" = /there ]");
  compose_locator without(host_.io, {{picky}, {"true"}}, testing::deadline);
  EXPECT_THAT(*ask(without), ElementsAre("true"));
  compose_locator with(host_.io, {{picky}, {"true"}}, testing::deadline, {"DOCKER_CONFIG=/there"});
  EXPECT_THAT(*ask(with), ElementsAre(picky));
}

TEST_F(compose_locator_test, tries_once_and_remembers) {
  const std::string counting = program("counting", "echo x >> \"$0.calls\"");
  compose_locator locator(host_.io, {{counting}}, testing::deadline);
  EXPECT_TRUE(ask(locator));
  EXPECT_TRUE(ask(locator));
  EXPECT_EQ(std::filesystem::file_size(counting + ".calls"), 2U);
}

TEST_F(compose_locator_test, says_what_to_install_and_finds_what_is_installed_later) {
  const std::string later = (host_.folder() / "later").string();
  compose_locator locator(host_.io, {{later}}, testing::deadline);
  const located missing = ask(locator);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error(), HasSubstr("install"));
  program("later", "exit 0");
  EXPECT_TRUE(ask(locator));
}

TEST_F(compose_locator_test, gives_a_program_that_does_not_answer_up) {
  const std::string stuck = program("stuck", "sleep 1000");
  compose_locator locator(host_.io, {{stuck}, {"true"}}, std::chrono::milliseconds(50));
  const located found = ask(locator);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, ElementsAre("true"));
}

TEST_F(compose_locator_test, answers_everyone_who_asks_meanwhile) {
  compose_locator locator(host_.io, {{"true"}}, testing::deadline);
  std::promise<located> first;
  std::promise<located> second;
  locator.locate([&](located l) { first.set_value(std::move(l)); });
  locator.locate([&](located l) { second.set_value(std::move(l)); });
  EXPECT_TRUE(first.get_future().get());
  EXPECT_TRUE(second.get_future().get());
}

}  // namespace
}  // namespace spillway::host
