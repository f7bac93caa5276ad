#include "host/docker_log_stream.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "host/canned_engine.hpp"

namespace spillway::host::testing {
namespace {

using actors::engine_errc;
using actors::log_end;
using actors::log_query;

class docker_logs : public canned_engine_test {};

TEST_F(docker_logs, ask_for_the_log_as_the_query_says) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) { p.send(http_answer(200, "")); };
  docker_engine& e = start(script);
  log_query query;
  query.tail = 7;
  query.since = protocol::timestamp{std::chrono::nanoseconds{1'700'000'000'000'000'005}};
  query.until = protocol::timestamp{std::chrono::nanoseconds{-1}};
  log_reading log{e, container_id, query};
  log.read_all();
  EXPECT_EQ(log.end, log_end::end_of_history);
  EXPECT_EQ(fake->targets().back(), "/v1.41/containers/" + container_id +
                                        "/logs?stdout=1&stderr=1&timestamps=1&follow=0&tail=7"
                                        "&since=1700000000.000000005&until=0.000000000");
}

TEST_F(docker_logs, end_a_log_whose_frame_claims_700_mib) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head +
           http_chunk(log_frame(stamp + "good\n") + std::string("\1\0\0\0\x2b\xc0\0\0", 8)));
    p.stall();
  };
  log_reading log{start(script), container_id, follow()};
  log.read_all();
  EXPECT_EQ(log.lines, std::vector<std::string>{"good"});
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.code, engine_errc::bad_answer);
}

TEST_F(docker_logs, end_a_followed_log_that_is_cut_off) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n") + log_frame(stamp + "t")));
  };
  log_reading log{start(script), container_id, follow()};
  log.read_all();
  EXPECT_EQ(log.lines, (std::vector<std::string>{"one", "t"}));
  EXPECT_EQ(log.end, log_end::failed);
  expect_unavailable(log.error);
}

TEST_F(docker_logs, end_a_log_that_ends_cleanly_within_a_frame) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n").substr(0, 20)) + last_chunk);
  };
  log_reading log{start(script), container_id, {}};
  log.read_all();
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.message, "the log ended within a frame");
}

TEST_F(docker_logs, end_a_log_whose_chunks_are_none) {
  for (const char* chunk : {"zz\r\nnonsense\r\n", "-1\r\n"}) {
    canned_engine script;
    script.on_logs = [chunk](fake_peer& p) {
      p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")) + chunk + "xx");
      p.stall();
    };
    log_reading log{start(script), container_id, follow()};
    log.read_all();
    EXPECT_EQ(log.lines.front(), "one");
    EXPECT_EQ(log.end, log_end::failed);
    EXPECT_EQ(log.error.code, engine_errc::bad_answer) << chunk;
  }
}

TEST_F(docker_logs, whose_end_is_only_the_connections_end_only_where_the_engine_lives_on) {
  for (const bool dies : {true, false}) {
    auto inspections = std::make_shared<std::atomic<int>>(0);
    canned_engine script;
    script.on_inspect = [inspections, dies](fake_peer& p) {
      if (!dies || (*inspections)++ == 0) p.send(details(true, "t1", true));
    };
    script.on_logs = [](fake_peer& p) {
      p.send("HTTP/1.1 200 OK\r\n\r\n" + stamp + "one\r\n" + stamp + "tw");
    };
    log_reading log{start(script), container_id, {}};
    log.read_all();
    EXPECT_EQ(log.lines, (std::vector<std::string>{"one", "tw"}));
    EXPECT_EQ(log.end, dies ? log_end::failed : log_end::end_of_history);
    if (dies) expect_unavailable(log.error);
  }
}

/// Follows a log that ends, with an engine that answers `inspections` one after the other.
log_reading follow_to_the_end(docker_engine& e) {
  log_reading log{e, container_id, follow()};
  log.read_all();
  return log;
}

canned_engine ending_log(std::vector<std::string> inspections) {
  auto next = std::make_shared<std::atomic<std::size_t>>(0);
  canned_engine script;
  script.on_inspect = [next, inspections](fake_peer& p) {
    p.send(inspections[std::min((*next)++, inspections.size() - 1)]);
  };
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "bye\n")) + last_chunk);
  };
  return script;
}

TEST_F(docker_logs, take_a_container_for_exited_once_the_engine_says_so) {
  const std::string gone = http_answer(404, "{}");
  for (const std::string& after : {details(false), details(true, "t2"), gone}) {
    log_reading log =
        follow_to_the_end(start(ending_log({details(true), details(true), details(true), after})));
    EXPECT_EQ(log.lines, std::vector<std::string>{"bye"});
    EXPECT_EQ(log.end, log_end::container_exited) << after;
  }
}

TEST_F(docker_logs, tell_when_the_container_exited_and_whether_it_was_started_again) {
  const std::string began = "2020-01-01T00:00:00Z";
  const std::string exited = "2024-01-01T00:00:00Z";  // before the stamps of the lines
  const std::string again = "2024-01-01T00:00:02Z";
  auto& one = start(ending_log({details(true, began), details(false, began, false, exited),
                                details(true, again, false, exited)}));
  log_reading followed{one, container_id, follow()};
  followed.read_all();
  ASSERT_TRUE(followed.ended);
  EXPECT_EQ(followed.ended->exited_at, protocol::parse_rfc3339(exited));

  log_reading history{one, container_id, {.about = followed.ended}};
  history.read_all();
  EXPECT_EQ(history.lines, std::vector<std::string>{"bye"});
  EXPECT_EQ(history.end, log_end::end_of_history);
  EXPECT_EQ(history.next_run, *protocol::parse_rfc3339(exited) + 1s);
}

TEST_F(docker_logs, tell_a_line_apart_that_has_no_end) {
  canned_engine script = ending_log({details(true), details(false)});
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "whole\n")) +
           http_chunk(log_frame(stamp + std::string(16'384, 'x'))) + last_chunk);
  };
  log_reading log = follow_to_the_end(start(script));
  ASSERT_EQ(log.lines.size(), 2U);
  EXPECT_EQ(log.unfinished, 1U);
  EXPECT_EQ(log.end, log_end::container_exited);
}

TEST_F(docker_logs, have_a_line_that_is_being_written_once_it_is_whole_or_the_container_dead) {
  const std::string part = stamp + std::string(16'384, 'x');
  const std::string before = "2020-01-01T00:00:00Z";  // the stamps of the lines
  const std::string after = "2030-01-01T00:00:00Z";
  const auto history = [&](const std::string& container, log_query query) {
    canned_engine script;
    script.on_inspect = [container](fake_peer& p) { p.send(container); };
    script.on_logs = [part](fake_peer& p) {
      p.send(chunked_head + http_chunk(log_frame(stamp + "whole\n")) + http_chunk(log_frame(part)) +
             last_chunk);
    };
    log_reading log{start(script), container_id, query};
    log.read_all();
    EXPECT_EQ(log.end, log_end::end_of_history);
    EXPECT_EQ(log.entries, 2U);
    EXPECT_EQ(log.unfinished, log.lines.size() - 1);
    return log.lines.size();
  };
  EXPECT_EQ(history(details(true, before), {}), 1U);
  EXPECT_EQ(history(details(false, before), {}), 2U);
  // Of a run that died in its middle, before the one that runs now.
  EXPECT_EQ(history(details(true, after), {}), 2U);
  const actors::ended_run run{*protocol::parse_rfc3339(before), *protocol::parse_rfc3339(after)};
  EXPECT_EQ(history(details(true, before), {.about = run}), 2U);
}

TEST_F(docker_logs, tell_when_the_log_ends_while_the_container_runs_on) {
  log_reading log = follow_to_the_end(start(ending_log({details(true)}), {30s, 30s, 30s, 100ms}));
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.message, "the log stream ended while the container runs on");
}

TEST_F(docker_logs, are_unavailable_when_the_engine_is_gone_after_the_end_of_the_log) {
  log_reading log = follow_to_the_end(start(ending_log({details(true), ""})));
  EXPECT_EQ(log.lines, std::vector<std::string>{"bye"});
  EXPECT_EQ(log.end, log_end::failed);
  expect_unavailable(log.error);
}

TEST_F(docker_logs, hand_over_a_line_as_soon_as_it_is_there) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    // The bytes after the line are part of the next: they must not hold the line back.
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")) + "2");
    p.stall();
  };
  log_reading log{start(script), container_id, follow()};
  log.next();
  EXPECT_EQ(log.lines, std::vector<std::string>{"one"});
  EXPECT_EQ(log.entries, 1u);
}

/// Runs handlers on this thread until `condition` holds.
template <class Condition>
bool run_until(boost::asio::io_context& io, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition() && std::chrono::steady_clock::now() < deadline) io.run_one_for(100ms);
  return condition();
}

TEST_F(docker_logs, read_only_what_is_asked_for) {
  std::promise<fake_peer*> begun;
  canned_engine script;
  script.on_logs = [&](fake_peer& p) {
    const std::string chunk = http_chunk(log_frame(stamp + std::string(8000, 'x') + "\n"));
    begun.set_value(&p);
    p.send(chunked_head);
    while (p.sent < 64'000'000 && p.send(chunk)) {
    }
  };
  boost::asio::io_context by_hand;
  const auto work = boost::asio::make_work_guard(by_hand);
  fake.emplace(script);
  docker_engine e{by_hand, fake->url(), limits, {30s, 30s, 30s, 30s}};
  log_reading log{e, container_id, follow()};
  log.ask();
  ASSERT_TRUE(run_until(by_hand, [&] { return log.chunks_arrived() == 1; }));
  auto first = log.wait_for_chunk();
  EXPECT_GE(first->lines.size(), 1u);
  EXPECT_LT(first->lines.bytes(), 300'000u);
  // Bytes lie in the socket, and no handler that would take them is due.
  const fake_peer* peer = begun.get_future().get();
  EXPECT_TRUE(run_until(by_hand, [&] { return peer->full() && by_hand.poll() == 0; }));
  EXPECT_LT(peer->sent, 4'000'000u);
  EXPECT_EQ(log.chunks_arrived(), 1u);
  log.ask();
  EXPECT_TRUE(run_until(by_hand, [&] { return log.chunks_arrived() == 2; }));
  log.close();
  by_hand.poll();
}

TEST_F(docker_logs, come_in_chunks_of_the_size_that_the_reader_can_take) {
  limits.chunk_bytes = 20'000;
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head);
    for (int i = 0; i < 1000; ++i)
      p.send(http_chunk(log_frame(stamp + std::string(1000, 'x') + "\n")));
    p.send(last_chunk);
  };
  log_reading log{start(script), container_id, {}};
  while (!log.end) EXPECT_LT(log.next()->lines.bytes(), 20'000u + 16'384u + 1000u);
  EXPECT_EQ(log.lines.size(), 1000u);
}

TEST_F(docker_logs, remember_a_read_before_the_log_is_open) {
  std::promise<void> open;
  auto opened = open.get_future().share();
  canned_engine script;
  script.on_logs = [opened](fake_peer& p) {
    opened.wait();
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")));
    p.stall();
  };
  log_reading log{start(script), container_id, follow()};
  log.ask();
  open.set_value();
  log.wait_for_chunk();
  EXPECT_EQ(log.lines, std::vector<std::string>{"one"});
}

std::size_t logs_asked_for(const std::vector<std::string>& targets) {
  return static_cast<std::size_t>(std::count_if(targets.begin(), targets.end(), [](auto& target) {
    return target.find("/logs?") != std::string::npos;
  }));
}

TEST_F(docker_logs, close_the_connection_with_the_stream_at_any_step) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")));
    p.stall();
  };
  docker_engine& e = start(script);
  const auto all_ended = [](const auto& h) { return h.ended == h.targets.size(); };
  {
    log_reading waiting{e, container_id, follow()};
    waiting.next();
    log_reading reading{e, container_id, follow()};
    reading.next();
    reading.ask();
    list_now(e, "p");  // meanwhile the read begins to wait for the engine
    EXPECT_EQ(logs_asked_for(fake->targets()), 2u);
  }
  EXPECT_TRUE(fake->wait_for(all_ended));
  // Before, while and after it opens: nothing crashes, and no connection stays.
  for (std::size_t i = 0; i < 100; ++i) {
    const std::size_t requests = fake->targets().size();
    log_reading log{e, container_id, follow()};
    if (i % 2) log.ask();
    EXPECT_TRUE(
        fake->wait_for([&](const auto& h) { return h.targets.size() >= requests + i % 3; }));
    log.close();
  }
  EXPECT_TRUE(fake->wait_for(all_ended));
}

TEST_F(docker_logs, give_an_error_or_the_lines_wherever_the_engine_cuts_the_connection) {
  const std::string answer = chunked_head + http_chunk(log_frame(stamp + "one\n")) +
                             http_chunk(log_frame(stamp + "two\n", 2)) + last_chunk;
  auto cut = std::make_shared<std::atomic<std::size_t>>(0);
  canned_engine script;
  script.on_logs = [answer, cut](fake_peer& p) { p.send(answer.substr(0, *cut)); };
  docker_engine& e = start(script);
  for (*cut = 0; *cut <= answer.size(); ++*cut) {
    log_reading log{e, container_id, {}};
    log.read_all();
    ASSERT_TRUE(log.end) << *cut;
    if (*cut == answer.size()) {
      EXPECT_EQ(log.end, log_end::end_of_history);
      EXPECT_EQ(log.lines, (std::vector<std::string>{"one", "two"}));
    } else {
      EXPECT_EQ(log.end, log_end::failed) << *cut;
      expect_unavailable(log.error);
    }
  }
}

}  // namespace
}  // namespace spillway::host::testing
