// A Docker Engine of the test's own, killed with SIGKILL while its logs are watched.
#include <signal.h>

#include "support/paths.hpp"
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

/// An engine that only this test uses. Context: the test's thread.
class private_engine {
 public:
  private_engine() {
    const auto started = run({{script(), "start", folder().string()}, {}, ""});
    if (started.exit_code == 0)
      url_ = started.standard_output.substr(0, started.standard_output.find('\n'));
    else
      complaint_ = started.standard_error;
  }
  ~private_engine() {
    daemon_.reset();
    run({{script(), "stop", folder().string()}, {}, ""});
  }

  const std::string& url() const { return url_; }
  const std::string& complaint() const { return complaint_; }

  /// SIGKILL; remembers how it was started.
  void kill_it() {
    std::ifstream pid_file(folder() / "dockerd.pid");
    pid_t pid = 0;
    pid_file >> pid;
    std::ifstream command_line("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
    for (std::string word; std::getline(command_line, word, '\0');) arguments_.push_back(word);
    ASSERT_FALSE(arguments_.empty());
    ASSERT_EQ(kill(pid, SIGKILL), 0);
  }

  bool start_again() {
    // The killed one is reaped by someone else, and its pid file counts until then.
    std::filesystem::remove(folder() / "exec.pid");
    daemon_ = std::make_unique<child_process>(command{arguments_, {}, ""});
    return eventually(
        [this] { return http_client(parse_engine_url(url_)).get("/_ping").status == 200U; });
  }

 private:
  static std::string script() { return test::source_folder() + "/scripts/engine"; }
  std::filesystem::path folder() const { return directory_ / "engine"; }

  temp_dir directory_;
  std::string url_;
  std::string complaint_;
  std::vector<std::string> arguments_;
  std::unique_ptr<child_process> daemon_;
};

TEST(engine_killed, its_streams_end_with_1011_and_the_next_viewer_is_served_when_it_is_back) {
  private_engine own;
  if (own.url().empty()) GTEST_SKIP() << own.complaint();
  const server spillway(setting_values{{"docker.host", own.url()}});
  spillway.deploy("app", web_app(numbered_lines(1'000'000)));
  const auto bystander = spillway.watch(process_log);
  const auto first = spillway.watch(logs("app", "tail=all"));
  const auto second = spillway.watch(logs("app"));
  ASSERT_TRUE(first->wait_for_count(100));
  ASSERT_TRUE(second->wait_for_count(100));

  own.kill_it();
  for (auto* each : {first.get(), second.get()}) {
    const auto end = each->wait_closed();
    ASSERT_TRUE(end);
    EXPECT_TRUE(end->close_frame) << end->error;
    EXPECT_EQ(end->code, 1011U) << end->reason;
    EXPECT_EQ(keys_of(each->newest()), std::vector<std::string>{"error"});
  }
  const auto during = spillway.watch(logs("app"));
  expect_ending(*during, 1011, "docker engine unavailable");
  EXPECT_TRUE(bystander->open());

  ASSERT_TRUE(own.start_again());
  EXPECT_EQ(spillway.admin().post("/api/apps/app/restart").status, 202U);
  expect_ending(*spillway.watch(deploy_logs("app")), 1000, "deploy finished");
  EXPECT_TRUE(spillway.watch(logs("app"))->wait_for_count(200));
  engine(own.url()).remove_projects(spillway.project("app"));
}

}  // namespace
}  // namespace spillway::system_test
