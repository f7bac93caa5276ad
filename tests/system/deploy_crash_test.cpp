// Deploys across a server that dies, and a disk that is full.
#include <signal.h>
#include <sys/mount.h>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

using strings = std::vector<std::string>;

strings lines_of(const std::string& ndjson) {
  strings lines;
  std::istringstream text(ndjson);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// Whether a process runs; one that has ended and was not reaped does not.
bool still_runs(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string stat;
  std::getline(file, stat);
  const auto name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.compare(name_end, 4, ") Z ") != 0;
}

/// The milliseconds of a timestamp's minute, of frames that are seconds apart.
long milliseconds_of(const std::string& frame) {
  const auto at = text_of(frame, "timestamp");
  return std::stol(at.substr(14, 2)) * 60'000 + std::stol(at.substr(17, 2)) * 1'000 +
         std::stol(at.substr(20, 3));
}

class a_killed_server : public ::testing::Test {
 protected:
  std::string start(const std::string& script) {
    compose.script(spillway.project("app"), script);
    const auto answer = spillway.post_deploy("app", web_app("true"));
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return answer.json().value("deploy_id", "");
  }
  void kill_and_start() {
    spillway.send_signal(SIGKILL);
    EXPECT_EQ(spillway.wait_exit(), 128 + SIGKILL);
    spillway.start();
  }
  nlohmann::json newest_event() const {
    return spillway.admin().get("/api/apps/app/events").json().at(0);
  }

  compose_stand_in compose;
  server spillway{{{"docker.compose_command", compose.setting()}}};
};

TEST_F(a_killed_server, leaves_a_transcript_of_what_was_seen_and_records_the_deploy_as_failed) {
  const auto id = start("i=0; while :; do i=$((i+1)); echo line $i; done");
  const auto live = spillway.watch(deploy_logs("app"));
  ASSERT_TRUE(live->wait_for_count(20'000));
  kill_and_start();
  const auto seen = live->frames();

  const auto event = newest_event();
  EXPECT_EQ(event["id"], id);
  EXPECT_EQ(event["status"], "failed");
  const auto replay = spillway.watch(deploy_logs("app") + "?deploy=" + id);
  expect_ending(*replay, 1000, "deploy finished");
  auto recorded = replay->frames();
  ASSERT_GE(recorded.size(), 2U);
  EXPECT_EQ(text_of(recorded.back(), "done"), "true");
  EXPECT_EQ(text_of(recorded.back(), "status"), "failed");
  EXPECT_EQ(text_of(recorded[recorded.size() - 2], "output"),
            "[spillway] the server stopped while this deploy ran");
  EXPECT_TRUE(lines_of(spillway.admin().get("/api/apps/app/deploys/" + id + "/log").body) ==
              recorded);
  // Of what a viewer had, the last 100 ms may be missing.
  recorded.resize(recorded.size() - 2);
  const auto common = std::min(recorded.size(), seen.size());
  for (std::size_t i = 0; i < common; ++i) ASSERT_EQ(recorded[i], seen[i]);
  if (common < seen.size()) {
    EXPECT_LE(milliseconds_of(seen.back()) - milliseconds_of(seen[common]), 100);
  }
}

TEST_F(a_killed_server, is_followed_by_one_that_ends_what_it_left_running) {
  const gate never(compose.gate_path("app"));
  // It takes no notice of a pipe that nobody reads any more.
  start("trap '' PIPE TERM; echo pid $$; while :; do wait_at app; done");
  const auto live = spillway.watch(deploy_logs("app"));
  ASSERT_TRUE(live->wait_for_text("pid"));
  const auto pid = text_of(live->frames().front(), "output").substr(4);
  spillway.send_signal(SIGKILL);
  ASSERT_EQ(spillway.wait_exit(), 128 + SIGKILL);
  ASSERT_TRUE(still_runs(pid)) << "else this test shows nothing";
  spillway.start();
  EXPECT_TRUE(eventually([&] { return !still_runs(pid); }));
  EXPECT_EQ(newest_event()["status"], "failed");
}

TEST_F(a_killed_server, takes_the_next_deploy_after_it_has_come_back) {
  const gate never(compose.gate_path("app"));
  start("echo first; wait_at app");
  ASSERT_TRUE(spillway.watch(deploy_logs("app"))->wait_for_text("first"));
  kill_and_start();
  EXPECT_EQ(spillway.admin().get("/api/apps/app").json()["deploying"], false);
  compose.script(spillway.project("app"), "echo second");
  ASSERT_EQ(spillway.post_deploy("app", web_app("true"), true).status, 201U);
  const auto live = spillway.watch(deploy_logs("app"));
  expect_ending(*live, 1000, "deploy finished");
  EXPECT_EQ(text_of(live->newest(), "status"), "success");
  EXPECT_EQ(spillway.admin().get("/api/apps/app/events").json().size(), 2U);
}

/// A small disk in place of a folder.
class small_disk {
 public:
  explicit small_disk(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder_);
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=256k") == 0;
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

TEST(a_full_disk, costs_the_rest_of_the_transcript_and_not_the_deploy) {
  const compose_stand_in compose;
  // Replayed from the disk at once.
  const server spillway(
      {{"docker.compose_command", compose.setting()}, {"deploy.recent_window", "0s"}});
  const small_disk transcripts(spillway.directory() / "data" / "transcripts");
  if (!transcripts.mounted()) GTEST_SKIP() << "cannot mount a small disk: that takes root";
  const gate end(compose.gate_path("app"));
  compose.script(spillway.project("app"),
                 "pad=$(printf %0200d 0); i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i "
                 "$pad; done; wait_at app; echo the last line");
  const auto started = spillway.post_deploy("app", web_app("true"));
  ASSERT_EQ(started.status, 201U) << started.body;
  const auto id = started.json().value("deploy_id", "");
  const auto live = spillway.watch(deploy_logs("app"));
  const std::string told = "[spillway] from here on this deploy is shown, but not recorded";
  ASSERT_TRUE(live->wait_for_text(told));
  end.open();
  expect_ending(*live, 1000, "deploy finished");
  const auto seen = live->frames();
  EXPECT_EQ(seen.size(), 3'003U) << "every line, the last line, what was told, and the end";
  EXPECT_EQ(text_of(seen.back(), "status"), "success");

  const auto replay = spillway.watch(deploy_logs("app") + "?deploy=" + id);
  expect_ending(*replay, 1000, "deploy finished");
  auto recorded = replay->frames();
  EXPECT_TRUE(lines_of(spillway.admin().get("/api/apps/app/deploys/" + id + "/log").body) ==
              recorded);
  ASSERT_GT(recorded.size(), 100U);
  ASSERT_LT(recorded.size(), seen.size());
  EXPECT_EQ(text_of(recorded.back(), "status"), "success");
  EXPECT_EQ(text_of(recorded[recorded.size() - 2], "output"),
            "[spillway] the rest of this deploy was not recorded");
  for (std::size_t i = 0; i + 2 < recorded.size(); ++i) ASSERT_EQ(recorded[i], seen[i]);
  // Said once to the operator, too.
  const auto output = spillway.output();
  const auto said = "the transcript of " + id + " is incomplete";
  const auto first = output.find(said);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(output.find(said, first + said.size()), std::string::npos);
  // With the disk as full as it is, the next deploy is still one that can be watched.
  compose.script(spillway.project("app"), "echo begun; wait_at app");
  EXPECT_EQ(spillway.post_deploy("app", web_app("true"), true).status, 201U);
  const auto next = spillway.watch(deploy_logs("app"));
  EXPECT_TRUE(next->wait_for_text("begun"));
  end.open();
  expect_ending(*next, 1000, "deploy finished");
  EXPECT_EQ(text_of(next->newest(), "status"), "success");
}

}  // namespace
}  // namespace spillway::system_test
