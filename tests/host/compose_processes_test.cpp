#include "host/compose_processes.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/compose_fixture.hpp"
#include "host/descriptor_limit.hpp"

namespace spillway::host {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::live_run;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class compose_processes_test : public ::testing::Test {
 protected:
  /// Runs a script to its end.
  testing::collector& run(const std::string& script, compose_processes::options o = {}) {
    runner_ = host_.runner(script, std::move(o));
    run_ = std::make_unique<live_run>(*runner_, host_.command());
    EXPECT_TRUE(run_->wait_for_exit());
    return run_->seen;
  }
  live_run& begin(const std::string& script, compose_processes::options o = {},
                  live_run::demand d = live_run::demand::always) {
    runner_ = host_.runner(script, std::move(o));
    run_ = std::make_unique<live_run>(*runner_, host_.command(), d);
    return *run_;
  }
  /// The number that a script printed as `NAME=NUMBER`.
  static pid_t number(const testing::collector& seen, const std::string& name) {
    for (const std::string& line : seen.lines) {
      if (line.starts_with(name + "=")) return std::stoi(line.substr(name.size() + 1));
    }
    return -1;
  }

  testing::compose_fixture host_;
  std::unique_ptr<compose_processes> runner_;
  std::unique_ptr<live_run> run_;
};

TEST_F(compose_processes_test, passes_lines_of_both_pipes_on) {
  const auto& seen = run("echo out; echo err >&2; echo more");
  EXPECT_THAT(seen.lines, UnorderedElementsAre("out", "err", "more"));
  EXPECT_EQ(seen.exit->code, 0);
  EXPECT_THAT(seen.exit->failure, IsEmpty());
}

TEST_F(compose_processes_test, passes_a_line_on_as_it_comes) {
  ASSERT_EQ(::mkfifo((host_.folder() / "gate").c_str(), 0600), 0);
  live_run& live = begin("echo first; read -r _ < \"${0%/*}/gate\"; echo second");
  ASSERT_TRUE(live.wait_for_line("first"));
  EXPECT_FALSE(live.seen.contains("second"));
  std::ofstream(host_.folder() / "gate") << "go\n";
  EXPECT_TRUE(live.wait_for_line("second"));
  EXPECT_TRUE(live.wait_for_exit());
}

TEST_F(compose_processes_test, gives_compose_its_project_file_arguments_and_folder) {
  const auto& seen = run("pwd -P; for a in \"$@\"; do echo \"[$a]\"; done");
  EXPECT_THAT(seen.lines, ElementsAre(host_.folder().string(), "[-p]", "[spillway-shop]", "[-f]",
                                      "[" + (host_.folder() / "docker-compose.yml").string() + "]",
                                      "[up]", "[-d]"));
}

TEST_F(compose_processes_test, sets_the_docker_host_and_asks_for_plain_output) {
  ::setenv("SPILLWAY_TEST_INHERITED", "kept", 1);
  compose_processes::options o;
  o.docker_host = "unix:///somewhere/docker.sock";
  const auto& seen =
      run("echo $DOCKER_HOST $COMPOSE_ANSI $COMPOSE_PROGRESS $SPILLWAY_TEST_INHERITED", o);
  EXPECT_THAT(seen.lines, ElementsAre("unix:///somewhere/docker.sock never plain kept"));
}

TEST_F(compose_processes_test, says_which_deploy_it_is_of_and_where_credentials_are) {
  compose_processes::options o;
  o.config_dir = "/etc/registry logins";
  o.instance = "here";
  const auto& seen = run("echo $SPILLWAY_DEPLOY; echo $DOCKER_CONFIG", o);
  EXPECT_THAT(seen.lines, ElementsAre(host_.command().deploy_id + "@here", "/etc/registry logins"));
}

TEST_F(compose_processes_test, leaves_the_credentials_that_it_inherits_where_none_are_set) {
  ::setenv("DOCKER_CONFIG", "/inherited", 1);
  const auto& seen = run("echo $DOCKER_CONFIG");
  ::unsetenv("DOCKER_CONFIG");
  EXPECT_THAT(seen.lines, ElementsAre("/inherited"));
}

TEST_F(compose_processes_test, shows_progress_as_it_stood_last) {
  const auto& seen = run("printf 'pull 10%%\\rpull 90%%\\rpulled\\r\\nno newline'");
  EXPECT_THAT(seen.lines, ElementsAre("pulled", "no newline"));
}

TEST_F(compose_processes_test, cuts_a_line_of_a_megabyte_and_goes_on) {
  compose_processes::options o;
  o.max_line_bytes = 1000;
  const auto& seen = run("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after", o);
  ASSERT_EQ(seen.lines.size(), 2U);
  EXPECT_LE(seen.lines[0].size(), 1000U);
  EXPECT_THAT(seen.lines[0], HasSubstr("x [spillway] line cut, 9990"));
  EXPECT_EQ(seen.lines[1], "after");
}

TEST_F(compose_processes_test, reports_exit_status_and_signal) {
  EXPECT_EQ(run("exit 17").exit->code, 17);
  EXPECT_EQ(run("kill -USR1 $$").exit->code, 128 + SIGUSR1);
}

TEST_F(compose_processes_test, loses_no_line_of_a_burst_that_ends_in_the_exit) {
  const auto& seen = run("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done");
  ASSERT_EQ(seen.lines.size(), 20000U);
  for (std::size_t i = 0; i < seen.lines.size(); ++i) {
    ASSERT_EQ(seen.lines[i], "line " + std::to_string(i));
  }
}

TEST_F(compose_processes_test, says_why_a_command_cannot_be_started) {
  // A program that is missing, one whose interpreter is, and a compose that is nowhere.
  std::ofstream(host_.folder() / "broken") << "#!/nowhere/sh\n";
  std::filesystem::permissions(host_.folder() / "broken", std::filesystem::perms::owner_all);
  for (const std::string program : {"no-such-compose", "/nowhere/compose", "broken"}) {
    compose_processes::options o;
    o.command = {program == "broken" ? (host_.folder() / program).string() : program};
    compose_processes runner(host_.io, o);
    live_run live(runner, host_.command());
    ASSERT_TRUE(live.wait_for_exit());
    EXPECT_EQ(live.seen.exit->code, 127);
    EXPECT_THAT(live.seen.exit->failure, HasSubstr("cannot start"));
    EXPECT_THAT(live.seen.exit->failure, HasSubstr(program));
    EXPECT_EQ(live.seen.calls, 1U);
  }
}

TEST_F(compose_processes_test, hands_nothing_over_before_it_is_asked_and_holds_the_process_back) {
  // 1 MB fits no pipe: the script gets to its end only when someone reads.
  live_run& live =
      begin("head -c 1000000 /dev/zero | tr '\\0' '\\n' ; echo end", {}, live_run::demand::by_hand);
  live.read();
  ASSERT_TRUE(live.seen.wait([&] { return live.seen.calls == 1; }));
  EXPECT_FALSE(live.seen.contains("end"));
  // Every further call answers one demand.
  for (std::size_t calls = 2; !live.seen.exit; ++calls) {
    live.read();
    ASSERT_TRUE(live.seen.wait([&] { return live.seen.calls == calls; }));
  }
  EXPECT_EQ(live.seen.lines.size(), 1000001U);
  EXPECT_TRUE(live.seen.contains("end"));
}

TEST_F(compose_processes_test, ends_a_whole_group_of_which_one_ignores_the_request) {
  compose_processes::options o;
  o.kill_grace = 50ms;
  live_run& live = begin(
      "(trap '' TERM; echo stubborn=$(exec sh -c 'echo $PPID'); echo set;"
      " while :; do sleep 1000; done) & echo leader=$$; wait",
      o);
  ASSERT_TRUE(live.wait_for_line("set"));
  ASSERT_TRUE(live.seen.wait([&] { return number(live.seen, "leader") > 0; }));
  live.terminate();
  live.terminate();
  ASSERT_TRUE(live.wait_for_exit());
  EXPECT_EQ(live.seen.exit->code, 128 + SIGTERM);
  EXPECT_TRUE(eventually([&] { return !testing::runs(number(live.seen, "stubborn")); }));
  EXPECT_TRUE(eventually([&] { return !testing::exists(number(live.seen, "leader")); }));
}

TEST_F(compose_processes_test, lets_the_command_clean_up_before_it_is_killed) {
  live_run& live =
      begin("trap 'echo cleaning; exit 3' TERM; echo set; while :; do sleep 0.01; done");
  ASSERT_TRUE(live.wait_for_line("set"));
  live.terminate();
  ASSERT_TRUE(live.wait_for_exit());
  EXPECT_TRUE(live.seen.contains("cleaning"));
  EXPECT_EQ(live.seen.exit->code, 3);
}

TEST_F(compose_processes_test, does_not_wait_for_ever_for_a_pipe_that_a_grandchild_holds) {
  const auto& seen = run("sleep 1000 & echo grandchild=$!; exit 5");
  EXPECT_EQ(seen.exit->code, 5);
  EXPECT_TRUE(eventually([&] { return !testing::runs(number(seen, "grandchild")); }));
}

TEST_F(compose_processes_test, ends_though_a_grandchild_prints_without_end) {
  const auto& seen = run("(while :; do echo chatter; done) & echo grandchild=$!; exit 6");
  EXPECT_EQ(seen.exit->code, 6);
  EXPECT_TRUE(eventually([&] { return !testing::runs(number(seen, "grandchild")); }));
}

TEST_F(compose_processes_test, leaves_no_process_when_it_is_destroyed) {
  live_run& live = begin("trap '' TERM; sleep 1000 & echo child=$!; echo leader=$$; wait");
  ASSERT_TRUE(live.seen.wait([&] { return number(live.seen, "leader") > 0; }));
  live.destroy();
  EXPECT_TRUE(eventually([&] { return !testing::exists(number(live.seen, "leader")); }));
  EXPECT_TRUE(eventually([&] { return !testing::runs(number(live.seen, "child")); }));
  EXPECT_FALSE(live.seen.exit);
}

TEST_F(compose_processes_test, leaves_no_descriptor_behind) {
  const auto open_descriptors = [] {
    const std::filesystem::directory_iterator all{std::filesystem::path("/proc/self/fd")};
    return std::distance(std::filesystem::begin(all), std::filesystem::end(all));
  };
  run("echo warm-up");
  run_.reset();
  const auto before = open_descriptors();
  for (int i = 0; i < 5; ++i) run("echo again");
  begin("echo set; sleep 1000").wait_for_line("set");
  run_->destroy();
  EXPECT_TRUE(eventually([&] { return open_descriptors() == before; }));
}

TEST_F(compose_processes_test, hands_no_other_descriptor_on) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);  // no SOCK_CLOEXEC
  const auto& seen = run("ls /proc/$$/fd; readlink /proc/$$/fd/0");
  ::close(socket);
  // 10 is where the shell keeps its script, and it is closed on exec.
  EXPECT_THAT(seen.lines, Not(Contains(std::to_string(socket))));
  for (const std::string& line : seen.lines) {
    EXPECT_THAT(line, ::testing::AnyOf("0", "1", "2", "10", "/dev/null"));
  }
}

TEST_F(compose_processes_test, hands_on_the_descriptor_limit_of_before_it_was_raised) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{200, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit raised{};
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &raised), 0);
  EXPECT_EQ(raised.rlim_cur, before.rlim_max);
  EXPECT_THAT(run("ulimit -Sn").lines, ElementsAre("200"));
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(compose_processes_test, hands_on_the_environment_without_what_the_service_manager_said) {
  ::setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
  ::setenv("WATCHDOG_USEC", "1000000", 1);
  ::setenv("NOTIFY_SOCKET_OF_OTHERS", "kept", 1);
  const auto& seen = run("env | grep -E '^(NOTIFY|WATCHDOG)_'");
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "NOTIFY_SOCKET_OF_OTHERS"}) {
    ::unsetenv(name);
  }
  EXPECT_THAT(seen.lines, ElementsAre("NOTIFY_SOCKET_OF_OTHERS=kept"));
}

TEST_F(compose_processes_test, hands_no_blocked_or_ignored_signal_on) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto pipe_before = ::signal(SIGPIPE, SIG_IGN);
  testing::compose_fixture blocked;  // its threads inherit the mask
  const auto runner = blocked.runner("grep -E 'SigBlk|SigIgn' /proc/self/status");
  live_run live(*runner, blocked.command());
  EXPECT_TRUE(live.wait_for_exit());
  ::signal(SIGPIPE, pipe_before);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_THAT(live.seen.lines,
              ElementsAre("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"));
}

TEST_F(compose_processes_test, can_be_ended_before_it_has_begun) {
  live_run& live = begin("echo set; sleep 1000", {}, live_run::demand::by_hand);
  live.terminate();
  live.read();
  ASSERT_TRUE(live.seen.wait([&] { return live.seen.calls == 1; }));
  if (!live.seen.exit) {
    live.read();
    ASSERT_TRUE(live.wait_for_exit());
  }
  EXPECT_EQ(live.seen.exit->code, 128 + SIGTERM);
}

}  // namespace
}  // namespace spillway::host
