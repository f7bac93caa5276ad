// Against a real engine: SPILLWAY_TEST_DOCKER_HOST=unix:///path, and an image with a shell.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "host/docker_fixture.hpp"

namespace spillway::host::testing {
namespace {

using actors::engine_errc;
using actors::log_end;
using actors::log_query;

std::string docker_output(const std::string& arguments) {
  const char* host = std::getenv("SPILLWAY_TEST_DOCKER_HOST");
  std::string command = std::string{"docker -H "} + host + " " + arguments + " 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string output;
  std::array<char, 4096> buffer;
  while (std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), n);
  }
  int status = ::pclose(pipe);
  EXPECT_EQ(status, 0) << command << "\n" << output;
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

log_query last_entries(std::uint64_t tail) {
  log_query query;
  query.tail = tail;
  return query;
}

/// A container that is removed with the test.
class test_container {
 public:
  test_container(const std::string& options, const std::string& shell_script) {
    const char* image = std::getenv("SPILLWAY_TEST_IMAGE");
    id = docker_output("run -d --network none " + options + " " +
                       (image ? image : "spillway-test/busybox:1") + " /bin/sh -c '" +
                       shell_script + "'");
  }
  ~test_container() { docker_output("rm -f " + id); }
  test_container(const test_container&) = delete;
  test_container& operator=(const test_container&) = delete;

  void wait_for_exit() const { docker_output("wait " + id); }

  std::string id;
};

class docker_engine_real : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* host = std::getenv("SPILLWAY_TEST_DOCKER_HOST");
    if (host == nullptr) GTEST_SKIP() << "SPILLWAY_TEST_DOCKER_HOST is not set";
    engine.emplace(io.context, host, log_limits{256 * 1024});
  }

  running_io io;
  std::optional<docker_engine> engine;
};

/// Makes /go in a container that waits for it. By a copy: `docker exec` does not work in a chroot.
void let_go(const test_container& c) {
  docker_output("cp /bin/true " + c.id + ":/go");
}

constexpr auto prints_lines =
    "i=1; while [ $i -le 5 ]; do echo line $i; i=$((i+1)); done; echo oops >&2";
constexpr auto prints_100_kilobytes = "head -c 100000 /dev/zero | tr \"\\0\" x; echo; echo end";

TEST_F(docker_engine_real, reads_both_streams_of_a_container_without_tty) {
  test_container c{"", prints_lines};
  c.wait_for_exit();
  log_reading log{*engine, c.id, {}};
  log.read_all();
  EXPECT_EQ(log.end, log_end::end_of_history);
  ASSERT_EQ(log.lines.size(), 6u);
  EXPECT_EQ(log.entries, 6u);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 6; ++i) {
    const bool error = log.streams[i] == protocol::output_stream::standard_error;
    EXPECT_EQ(error, log.lines[i] == "oops");
    if (!error) out.push_back(log.lines[i]);
  }
  EXPECT_EQ(out, (std::vector<std::string>{"line 1", "line 2", "line 3", "line 4", "line 5"}));
}

TEST_F(docker_engine_real, reads_a_container_with_tty_without_carriage_returns) {
  test_container c{"-t", prints_lines};
  c.wait_for_exit();
  log_reading log{*engine, c.id, {}};
  log.read_all();
  EXPECT_EQ(log.lines,
            (std::vector<std::string>{"line 1", "line 2", "line 3", "line 4", "line 5", "oops"}));
}

TEST_F(docker_engine_real, gives_a_line_that_docker_split_whole) {
  for (const char* options : {"", "-t"}) {
    test_container c{options, prints_100_kilobytes};
    c.wait_for_exit();
    log_reading log{*engine, c.id, {}};
    log.read_all();
    ASSERT_EQ(log.lines.size(), 2u) << options;
    EXPECT_EQ(log.lines[0], std::string(100000, 'x')) << options;
    EXPECT_EQ(log.lines[1], "end") << options;
    EXPECT_EQ(log.entries, 8u) << options;

    // Read from its middle, the line has the same identity.
    log_reading middle{*engine, c.id, last_entries(2)};
    middle.read_all();
    EXPECT_EQ(middle.entries, 2u);
    EXPECT_EQ(middle.identities, log.identities) << options;
  }
}

TEST_F(docker_engine_real, follows_a_container_until_it_exits) {
  for (const char* options : {"-i", "-i -t"}) {
    test_container c{options, "echo ready; while [ ! -e /go ]; do sleep 0.05; done; echo last"};
    log_reading log{*engine, c.id, follow()};
    log.next();
    ASSERT_EQ(log.lines, std::vector<std::string>{"ready"}) << options;
    EXPECT_FALSE(log.end);
    let_go(c);
    log.read_all();
    EXPECT_EQ(log.end, log_end::container_exited) << options;
    EXPECT_EQ(log.lines, (std::vector<std::string>{"ready", "last"})) << options;
  }
}

TEST_F(docker_engine_real, follows_a_container_that_is_silent) {
  test_container c{"", "while [ ! -e /go ]; do sleep 0.05; done; echo spoke"};
  log_reading log{*engine, c.id, follow()};
  log.ask();
  let_go(c);
  log.wait_for_chunk();
  EXPECT_EQ(log.lines, std::vector<std::string>{"spoke"});
}

TEST_F(docker_engine_real, takes_a_killed_and_a_removed_container_for_exited) {
  for (const char* command : {"kill ", "rm -f "}) {
    test_container c{"", "echo ready; exec sleep 600"};
    log_reading log{*engine, c.id, follow()};
    log.next();
    docker_output(command + c.id);
    log.read_all();
    EXPECT_EQ(log.end, log_end::container_exited) << command << log.error.message;
  }
}

TEST_F(docker_engine_real, tells_the_lines_of_one_run_from_those_of_the_next) {
  test_container c{"",
                   "trap \"echo bye; exit 0\" TERM; echo hello; while true; do sleep 0.05; done"};
  log_reading run{*engine, c.id, follow()};
  run.next();
  docker_output("restart " + c.id);
  run.read_all();
  EXPECT_EQ(run.end, log_end::container_exited);
  ASSERT_TRUE(run.ended);

  log_query about;
  about.about = run.ended;
  std::vector<std::string> of_the_run;
  for (std::size_t all = 0; all < 3;) {
    log_reading history{*engine, c.id, about};
    history.read_all();
    all = history.lines.size();
    if (all < 3) continue;
    ASSERT_TRUE(history.next_run);
    for (std::size_t i = 0; i < all; ++i) {
      if (history.at[i] <= *history.next_run) of_the_run.push_back(history.lines[i]);
    }
  }
  EXPECT_EQ(of_the_run, (std::vector<std::string>{"hello", "bye"}));
}

TEST_F(docker_engine_real, reads_the_last_lines_and_those_of_a_span_of_time) {
  test_container c{"", prints_lines};
  c.wait_for_exit();
  log_reading last{*engine, c.id, last_entries(2)};
  last.read_all();
  EXPECT_EQ(last.lines.size(), 2u);

  log_reading all{*engine, c.id, {}};
  all.read_all();
  ASSERT_EQ(all.lines.size(), 6u);
  // The engine compares each line's time. It stamps stdout and stderr apart, so that the order of
  // the lines need not be that of their times.
  log_query since_third;
  since_third.since = all.at[2];
  log_reading since{*engine, c.id, since_third};
  since.read_all();
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < all.lines.size(); ++i) {
    if (all.at[i] >= all.at[2]) expected.push_back(all.lines[i]);
  }
  EXPECT_EQ(since.lines, expected);
  log_reading none{*engine, c.id, last_entries(0)};
  none.read_all();
  EXPECT_TRUE(none.lines.empty());
  EXPECT_EQ(none.end, log_end::end_of_history);
}

TEST_F(docker_engine_real, lists_the_containers_of_a_project_by_their_labels) {
  const std::string labels =
      "--label com.docker.compose.project=spillway-unit "
      "--label com.docker.compose.service=web --label com.docker.compose.container-number=2 ";
  test_container c{labels, "exec sleep 600"};
  test_container once{labels + "--label com.docker.compose.oneoff=True", "exec sleep 600"};
  auto found = list_now(*engine, "spillway-unit");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().id, c.id);
  EXPECT_EQ(found->front().service, "web");
  EXPECT_EQ(found->front().replica, 2u);
  EXPECT_EQ(found->front().state, "running");
  EXPECT_EQ(list_now(*engine, "spillway-unit-other")->size(), 0u);
  EXPECT_GE(list_now(*engine, "")->size(), 1u);
}

TEST_F(docker_engine_real, says_when_there_is_no_such_container) {
  log_reading log{*engine, std::string(64, 'a'), {}};
  log.read_all();
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.code, engine_errc::not_found);
  EXPECT_EQ(log.error.message, "container not found");
}

// The container outlives the reading: Docker 20.10 may end a followed log before its last lines
// when the container exits while they are still being read.
TEST_F(docker_engine_real, reads_a_flood_whole_and_in_order) {
  test_container c{"", "seq 1 200000; while [ ! -e /go ]; do sleep 0.05; done"};
  log_reading log{*engine, c.id, follow()};
  while (log.lines.size() < 200000 && !log.end && log.next() != nullptr) {
  }
  ASSERT_EQ(log.lines.size(), 200000u);
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    ASSERT_EQ(log.lines[i], std::to_string(i + 1));
  }
  let_go(c);
  log.read_all();
  EXPECT_EQ(log.end, log_end::container_exited);
  EXPECT_EQ(log.lines.size(), 200000u);
}

}  // namespace
}  // namespace spillway::host::testing
