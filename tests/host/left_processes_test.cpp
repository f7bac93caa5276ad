#include "host/left_processes.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "host/child.hpp"
#include "host/compose_fixture.hpp"

namespace spillway::host {
namespace {

using namespace std::chrono_literals;

child start_marked(const std::string& script, const std::string& mark) {
  auto started = child::launch(
      {.words = {"sh", "-c", script}, .directory = {}, .environment = {mark}}, child_output::piped);
  EXPECT_TRUE(started) << started.error();
  return std::move(*started);
}

/// Reads what the script prints first; so it has come that far.
std::string first_line(const child& of) {
  std::string line;
  char c = 0;
  while (::read(of.out.get(), &c, 1) == 1 && c != '\n') line += c;
  return line;
}

std::string new_mark() {
  static int number = 0;
  return deploy_mark("here", "left-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
}

TEST(left_processes, end_with_what_they_started_and_nobody_else_does) {
  const auto mark = new_mark();
  const auto other_mark = mark + "0";
  const child left = start_marked("sleep 1000 & echo $!; wait", mark);
  const child other = start_marked("echo ready; sleep 1000", other_mark);
  const pid_t grandchild = std::stoi(first_line(left));
  first_line(other);
  EXPECT_EQ(end_left_processes({mark, new_mark()}, 20s), 2u);
  EXPECT_EQ(left.exit_code(), 128 + SIGTERM);
  EXPECT_FALSE(testing::runs(grandchild));
  EXPECT_EQ(other.exit_code(), std::nullopt);
}

TEST(left_processes, that_do_not_heed_sigterm_are_killed_after_the_grace) {
  const auto mark = new_mark();
  const child left = start_marked("trap '' TERM; echo ready; while :; do sleep 1000; done", mark);
  first_line(left);
  EXPECT_GE(end_left_processes({mark}, 50ms), 1u);
  EXPECT_TRUE(testing::eventually([&] { return left.exit_code().has_value(); }));
  EXPECT_EQ(left.exit_code(), 128 + SIGKILL);
}

TEST(left_processes, of_a_copy_of_the_data_directory_are_another_s) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("spillway-left-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "a");
  std::filesystem::create_directories(folder / "b");
  EXPECT_EQ(instance_of(folder / "a"), instance_of(folder / "b" / ".." / "a"));
  EXPECT_NE(instance_of(folder / "a"), instance_of(folder / "b"));
  EXPECT_NE(deploy_mark(instance_of(folder / "a"), "d1"),
            deploy_mark(instance_of(folder / "b"), "d1"));
  std::filesystem::remove_all(folder);
}

TEST(left_processes, may_be_none) {
  EXPECT_EQ(end_left_processes({}, 0ms), 0u);
  EXPECT_EQ(end_left_processes({new_mark()}, 0ms), 0u);
}

TEST(left_processes, are_known_by_the_whole_mark) {
  const auto mark = new_mark();
  const child left = start_marked("echo ready; sleep 1000", mark + "-more");
  first_line(left);
  EXPECT_EQ(end_left_processes({mark}, 0ms), 0u);
  EXPECT_EQ(left.exit_code(), std::nullopt);
}

}  // namespace
}  // namespace spillway::host
