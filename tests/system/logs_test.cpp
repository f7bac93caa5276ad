// Container logs as a viewer sees them.
#include <set>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

using strings = std::vector<std::string>;

class container_logs : public on_one_server<container_logs> {
 public:
  static setting_values settings() { return {}; }

 protected:
  void SetUp() override { SPILLWAY_NEEDS_ENGINE(); }

  static std::string deployed(const std::string& script) {
    const auto slug = new_slug();
    spillway().deploy(slug, web_app(script));
    return slug;
  }

  /// An app whose container has printed ten numbered lines and runs on.
  static std::string ten_lines() {
    const auto slug = deployed("for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i; done" + stay);
    EXPECT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("line 10"));
    return slug;
  }

  static std::vector<long> history(const std::string& slug, const std::string& query) {
    const auto log = spillway().watch(logs(slug, "follow=false&" + query));
    expect_ending(*log, 1000, "end of history");
    return line_numbers(log->frames());
  }

  static strings members(const viewer& of, const std::string& key) {
    strings result;
    for (const auto& frame : of.frames()) result.push_back(text_of(frame, key));
    return result;
  }

  static std::string id_of_web(const std::string& slug, const std::string& replica = "1") {
    return engine(*docker_host()).container(spillway().project(slug), "web", replica);
  }
};

TEST_F(container_logs, lines_name_their_stream_and_keep_the_order_of_fields) {
  // The pause keeps the order: the engine reads the two pipes independently.
  const auto slug = deployed("echo to out; usleep 100000; echo to err >&2" + stay);
  const auto log = spillway().watch(logs(slug));
  ASSERT_TRUE(log->wait_for_count(2));
  EXPECT_EQ(members(*log, "line"), (strings{"to out", "to err"}));
  EXPECT_EQ(members(*log, "stream"), (strings{"stdout", "stderr"}));
  for (const auto& frame : log->frames())
    EXPECT_EQ(keys_of(frame), (strings{"ts", "stream", "line"})) << frame;
}

TEST_F(container_logs, a_terminal_is_all_stdout_and_ts_is_the_time_that_docker_wrote) {
  const auto slug = new_slug();
  auto service = shell_service("echo one; echo two >&2" + stay);
  service["tty"] = true;
  spillway().deploy(slug, compose_file({{"web", service}}));
  const auto log = spillway().watch(logs(slug, "tail=all"));
  ASSERT_TRUE(log->wait_for_count(2));
  EXPECT_EQ(members(*log, "line"), (strings{"one", "two"}));
  EXPECT_EQ(members(*log, "stream"), (strings{"stdout", "stdout"}));
  const auto stored = engine(*docker_host()).raw_log(id_of_web(slug));
  for (const auto& frame : log->frames())
    EXPECT_NE(stored.find(text_of(frame, "ts") + " " + text_of(frame, "line")), std::string::npos)
        << frame << "\nstored:\n"
        << stored;
}

TEST_F(container_logs, lines_that_docker_split_arrive_whole_as_history_and_live) {
  const auto slug = deployed(R"(
emit() { printf "$1:"; head -c $1 /dev/zero | tr '\0' x; echo; }
while :; do for n in 16383 16384 16385 100000; do emit $n; done; usleep 200000; done)");
  const auto live = spillway().watch(logs(slug, "tail=0"));
  ASSERT_TRUE(live->wait_for_count(12));
  const auto bounded = spillway().watch(logs(slug, "tail=all&follow=false"));
  expect_ending(*bounded, 1000, "end of history");
  ASSERT_GE(bounded->count(), 12U);
  for (const auto* log : {live.get(), bounded.get()})
    for (const auto& line : members(*log, "line")) {
      const auto colon = line.find(':');
      ASSERT_NE(colon, std::string::npos) << line.substr(0, 40);
      ASSERT_EQ(line.size() - colon - 1, std::stoul(line)) << "of " << line.substr(0, 40);
    }
}

TEST_F(container_logs, a_line_that_is_being_written_is_history_once_the_container_has_died) {
  constexpr std::size_t length = 60'000;
  const auto slug = deployed("echo line 1; head -c 60000 /dev/zero | tr '\\0' x" + stay);
  const auto id = id_of_web(slug);
  const auto host = engine(*docker_host());
  // Three parts of it: more than a short tail asks for.
  ASSERT_TRUE(eventually([&] { return host.raw_log(id).size() > 3 * 16'384U; }));
  EXPECT_EQ(history(slug, "tail=all"), (std::vector<long>{1}));
  EXPECT_EQ(history(slug, "tail=1"), (std::vector<long>{1}));
  host.kill_container(id);
  const auto dead = spillway().watch(logs(slug, "tail=all"));
  expect_ending(*dead, 1000, "container exited");
  ASSERT_EQ(dead->count(), 2U);
  EXPECT_EQ(text_of(dead->newest(), "line"), std::string(length, 'x'));
}

TEST_F(container_logs, tail_says_how_much_history_comes) {
  const auto slug = ten_lines();
  EXPECT_EQ(history(slug, "tail=3"), (std::vector<long>{8, 9, 10}));
  EXPECT_EQ(history(slug, "tail=0"), (std::vector<long>{}));
  EXPECT_EQ(history(slug, "tail=1"), (std::vector<long>{10}));
  EXPECT_EQ(history(slug, "tail=all").size(), 10U);
  EXPECT_EQ(history(slug, "tail=1000").size(), 10U);
}

TEST_F(container_logs, the_default_is_a_hundred_lines) {
  const auto slug = deployed("i=0; while [ $i -lt 150 ]; do i=$((i+1)); echo line $i; done" + stay);
  ASSERT_TRUE(spillway().watch(logs(slug, "tail=all"))->wait_for_text("line 150"));
  const auto numbers = history(slug, "service=web");
  EXPECT_EQ(numbers.size(), 100U);
  expect_consecutive(numbers, 51);
}

TEST_F(container_logs, since_and_until_bound_the_time) {
  const auto slug =
      deployed("echo line 1; usleep 100000; echo line 2; usleep 100000; echo line 3" + stay);
  const auto all = spillway().watch(logs(slug, "tail=all"));
  ASSERT_TRUE(all->wait_for_text("line 3"));
  const auto times = members(*all, "ts");
  EXPECT_EQ(history(slug, "tail=all&since=" + times[1]), (std::vector<long>{2, 3}));
  EXPECT_EQ(history(slug, "tail=1&since=" + times[1]), (std::vector<long>{3}));
  EXPECT_EQ(history(slug, "tail=all&since=1h30m"), (std::vector<long>{1, 2, 3}));
  EXPECT_EQ(history(slug, "tail=all&since=1600000000"), (std::vector<long>{1, 2, 3}));
  EXPECT_EQ(history(slug, "tail=all&until=" + times[1]), (std::vector<long>{1, 2}));
  const auto followed = spillway().watch(logs(slug, "tail=all&since=" + times[1]));
  ASSERT_TRUE(followed->wait_for_count(2));
  EXPECT_EQ(line_numbers(followed->frames()), (std::vector<long>{2, 3}));
}

TEST_F(container_logs, a_container_that_exits_ends_the_stream_after_its_last_line) {
  const auto slug = deployed("echo begun; usleep 500000; echo line 1; echo line 2");
  const auto log = spillway().watch(logs(slug, "tail=all"));
  expect_ending(*log, 1000, "container exited");
  EXPECT_EQ(members(*log, "line"), (strings{"begun", "line 1", "line 2"}));
  const auto later = spillway().watch(logs(slug, "tail=2"));
  expect_ending(*later, 1000, "container exited");
  EXPECT_EQ(line_numbers(later->frames()), (std::vector<long>{1, 2}));
}

TEST_F(container_logs, a_container_that_is_killed_ends_the_stream_of_every_viewer) {
  const auto slug = ten_lines();
  const auto first = spillway().watch(logs(slug, "tail=all"));
  const auto second = spillway().watch(logs(slug, "tail=0"));
  ASSERT_TRUE(first->wait_for_text("line 10"));
  engine(*docker_host()).kill_container(id_of_web(slug));
  expect_ending(*first, 1000, "container exited");
  expect_ending(*second, 1000, "container exited");
  EXPECT_EQ(second->count(), 0U);
}

TEST_F(container_logs, without_a_container_there_is_one_error_frame) {
  const auto slug = new_slug();
  std::filesystem::create_directories(spillway().app_folder(slug));
  std::ofstream(spillway().app_folder(slug) / "docker-compose.yml") << web_app("true");
  const auto running = ten_lines();
  for (const auto& target : {logs(slug), logs(slug, "follow=false"), logs(running, "service=db"),
                             logs(running, "replica=2")}) {
    const auto log = spillway().watch(target);
    expect_ending(*log, 1000, "container not found");
    EXPECT_EQ(log->frames(), strings{R"({"error": "container not found"})"}) << target;
  }
}

TEST_F(container_logs, a_bad_parameter_is_one_error_frame_that_names_it) {
  const auto slug = ten_lines();
  for (const std::string query : {"tail=-1", "tail=abc", "tail=1.5", "tail=99999999999999999999",
                                  "follow=maybe", "since=yesterday", "until=10parsecs", "replica=0",
                                  "replica=x", "service=..%2Fetc", "service=a%00b"}) {
    const auto log = spillway().watch(logs(slug, query));
    expect_ending(*log, 1000, "invalid parameter");
    ASSERT_EQ(log->count(), 1U) << query;
    EXPECT_EQ(keys_of(log->newest()), strings{"error"});
    const auto name = query.substr(0, query.find('='));
    EXPECT_TRUE(text_of(log->newest(), "error").starts_with("invalid " + name + ": "))
        << log->newest();
  }
}

TEST_F(container_logs, a_replica_of_a_scaled_service_is_chosen_by_its_number) {
  const auto slug = new_slug();
  auto service = shell_service("echo i am $(hostname)" + stay);
  service["scale"] = 2;
  spillway().deploy(slug,
                    nlohmann::json{{"version", "2.4"}, {"services", {{"web", service}}}}.dump());
  for (const std::string query : {"replica=2", "replica=1", "tail=all"}) {
    const auto log = spillway().watch(logs(slug, query));
    ASSERT_TRUE(log->wait_for_count(1));
    const auto id = id_of_web(slug, query == "replica=2" ? "2" : "1");
    ASSERT_FALSE(id.empty());
    EXPECT_EQ(text_of(log->newest(), "line"), "i am " + id.substr(0, 12)) << query;
  }
}

TEST_F(container_logs, bytes_that_are_no_utf8_become_replacement_characters) {
  const auto slug = deployed(R"(printf 'a\377b \303\244\n')" + stay);
  const auto log = spillway().watch(logs(slug));
  ASSERT_TRUE(log->wait_for_count(1));
  EXPECT_EQ(text_of(log->newest(), "line"),
            "a\xEF\xBF\xBD"
            "b \xC3\xA4");
}

}  // namespace
}  // namespace spillway::system_test
