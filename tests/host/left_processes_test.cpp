#include "host/left_processes.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "host/child.hpp"
#include "host/compose_fixture.hpp"

namespace spillway::host {
namespace {

using namespace std::chrono_literals;

child start_marked(const std::string& script, const std::string& deploy_id) {
  auto started = child::launch(
      {.words = {"sh", "-c", script}, .directory = {}, .environment = {deploy_mark(deploy_id)}},
      child_output::piped);
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

std::string new_id() {
  static int number = 0;
  return "left-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

TEST(left_processes, end_with_what_they_started_and_nobody_else_does) {
  const auto id = new_id();
  const auto other_id = id + "0";
  const child left = start_marked("sleep 1000 & echo $!; wait", id);
  const child other = start_marked("echo ready; sleep 1000", other_id);
  const pid_t grandchild = std::stoi(first_line(left));
  first_line(other);
  EXPECT_EQ(end_left_processes({id, new_id()}, 20s), 2u);
  EXPECT_EQ(left.exit_code(), 128 + SIGTERM);
  EXPECT_FALSE(testing::runs(grandchild));
  EXPECT_EQ(other.exit_code(), std::nullopt);
}

TEST(left_processes, that_do_not_heed_sigterm_are_killed_after_the_grace) {
  const auto id = new_id();
  const child left = start_marked("trap '' TERM; echo ready; while :; do sleep 1000; done", id);
  first_line(left);
  EXPECT_GE(end_left_processes({id}, 50ms), 1u);
  EXPECT_TRUE(testing::eventually([&] { return left.exit_code().has_value(); }));
  EXPECT_EQ(left.exit_code(), 128 + SIGKILL);
}

TEST(left_processes, may_be_none) {
  EXPECT_EQ(end_left_processes({}, 0ms), 0u);
  EXPECT_EQ(end_left_processes({new_id()}, 0ms), 0u);
}

TEST(left_processes, are_known_by_the_whole_mark) {
  const auto id = new_id();
  const child left = start_marked("echo ready; sleep 1000", id + "-more");
  first_line(left);
  EXPECT_EQ(end_left_processes({id}, 0ms), 0u);
  EXPECT_EQ(left.exit_code(), std::nullopt);
}

}  // namespace
}  // namespace spillway::host
