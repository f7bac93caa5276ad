// What many deploys in a row leave behind: nothing that grows.
#include "support/sanitized.hpp"
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

/// Deploys in a row, as the server must stand them (a sanitizer's server is some ten times slower).
constexpr int deploys_in_a_row = test::sanitized ? 300 : 1'000;

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    pid_t of = 0;
    char state = 0;
    std::istringstream(stat.substr(name_end + 1)) >> state >> of;
    if (of == parent) found.push_back(std::stoi(entry.path().filename()));
  }
  return found;
}

TEST(a_thousand_deploys, leave_no_process_no_file_and_no_memory) {
  const compose_stand_in compose;
  const server spillway({{"docker.compose_command", compose.setting()},
                         {"deploy.history", "10"},
                         {"deploy.versions", "5"},
                         {"deploy.recent_window", "0s"}});
  compose.script(spillway.project("app"), "echo one; (echo two); echo three >&2; exit 0");
  const auto deploy = [&](int number) {
    // Each time another compose file, another version.
    const auto answer =
        spillway.post_deploy("app", web_app("echo " + std::to_string(number)), true);
    ASSERT_EQ(answer.status, 201U) << answer.body;
    const auto watched =
        spillway.watch(deploy_logs("app") + "?deploy=" + answer.json().value("deploy_id", ""));
    const auto end = watched->wait_closed();
    ASSERT_TRUE(end && end->code == 1000U) << number;
    ASSERT_EQ(watched->count(), 4U) << number;
  };
  const auto transcripts = spillway.directory() / "data" / "transcripts" / "app";
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(transcripts), {});
  };
  int number = 0;
  // Allocators and caches fill up first.
  while (number < deploys_in_a_row / 2) ASSERT_NO_FATAL_FAILURE(deploy(++number));
  const auto memory = spillway.resident_bytes();
  EXPECT_TRUE(eventually([&] { return files() == 10; })) << files();
  const auto descriptors = spillway.open_descriptors();
  while (number < deploys_in_a_row) ASSERT_NO_FATAL_FAILURE(deploy(++number));

  EXPECT_TRUE(eventually([&] { return children_of(spillway.pid()).empty(); }));
  EXPECT_TRUE(eventually([&] { return spillway.open_descriptors() <= descriptors; }))
      << spillway.open_descriptors() << " after " << descriptors;
  EXPECT_TRUE(eventually([&] { return files() == 10; })) << files();
  EXPECT_EQ(spillway.admin().get("/api/apps/app/events").json().size(), 10U);
  EXPECT_EQ(spillway.admin().get("/api/apps/app/versions").json().size(), 5U);
  const auto grown = static_cast<long>(spillway.resident_bytes()) - static_cast<long>(memory);
  std::cout << number << " deploys; the last half made the server " << grown / 1024
            << " KiB larger, which is " << grown / (number / 2) << " bytes a deploy\n";
  // A deploy that stayed in memory would cost more than this each.
  if (!test::sanitized) {
    EXPECT_LT(grown, number / 2 * 2048L);
  }
}

}  // namespace
}  // namespace spillway::system_test
