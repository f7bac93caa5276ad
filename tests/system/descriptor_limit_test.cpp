// A server for tens of thousands of viewers needs as many descriptors.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

/// The limits of open files of a process, soft and hard.
std::pair<std::string, std::string> file_limits(pid_t pid) {
  std::ifstream all("/proc/" + std::to_string(pid) + "/limits");
  for (std::string row; std::getline(all, row);) {
    if (!row.starts_with("Max open files")) continue;
    std::istringstream columns(row.substr(std::string("Max open files").size()));
    std::pair<std::string, std::string> limits;
    columns >> limits.first >> limits.second;
    return limits;
  }
  return {};
}

/// A server that a shell starts after `ulimit`.
std::unique_ptr<child_process> limited_server(const temp_dir& directory, const std::string& ulimit,
                                              const std::string& max_viewers) {
  const auto file =
      directory.write("spillway.yaml", configuration({{"listen", "127.0.0.1:0"},
                                                      {"data_dir", (directory / "data").string()},
                                                      {"apps_dir", (directory / "apps").string()},
                                                      {"limits.max_viewers", max_viewers},
                                                      {"docker.host", "unix:///nowhere"}}));
  std::filesystem::create_directories(directory / "apps");
  return std::make_unique<child_process>(
      command{{"sh", "-c", ulimit + R"(; exec "$0" "$@")", spillway_binary(), "serve", "--config",
               file.string()},
              {},
              ""});
}

TEST(descriptor_limit, the_soft_limit_is_raised_to_the_hard_one) {
  const temp_dir directory;
  const auto running = limited_server(directory, "ulimit -Sn 300", "10");
  ASSERT_TRUE(running->wait_for_output("listening on"));
  const auto [soft, hard] = file_limits(running->pid());
  EXPECT_NE(soft, "300");
  EXPECT_EQ(soft, hard);
  EXPECT_EQ(running->standard_error().find("limits.max_viewers"), std::string::npos)
      << running->standard_error();
}

TEST(descriptor_limit, one_that_is_too_low_for_the_viewers_is_warned_of) {
  const temp_dir directory;
  const auto running = limited_server(directory, "ulimit -n 600", "500");
  ASSERT_TRUE(running->wait_for_output("listening on"));
  EXPECT_EQ(file_limits(running->pid()).first, "600");
  EXPECT_TRUE(eventually([&] {
    return running->standard_error().find("limits.max_viewers is 500, for which 600 open files") !=
           std::string::npos;
  })) << running->standard_error();
}

}  // namespace
}  // namespace spillway::system_test
