#include "host/docker_engine.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

#include "docker_fixture.hpp"
#include "fake_http_engine.hpp"

namespace spillway::host::testing {
namespace {

using actors::engine_errc;
using actors::log_end;
using actors::log_query;

const std::string id = "0123456789abcdef";
const std::string version = http_answer(200, R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})");
const std::string stamp = "2026-04-17T10:14:32.118000000Z ";

std::string details(bool running, const std::string& started_at = "t1", bool tty = false) {
  return http_answer(200, std::string{R"({"Config":{"Tty":)"} + (tty ? "true" : "false") +
                              R"(},"State":{"Running":)" + (running ? "true" : "false") +
                              R"(,"StartedAt":")" + started_at + R"("}})");
}

/// An engine with one container. What a test does not replace works.
struct canned_engine {
  std::function<void(fake_peer&)> on_version = [](fake_peer& p) { p.send(version); };
  std::function<void(fake_peer&)> on_list = [](fake_peer& p) { p.send(http_answer(200, "[]")); };
  std::function<void(fake_peer&)> on_inspect = [](fake_peer& p) { p.send(details(true)); };
  std::function<void(fake_peer&)> on_logs = [](fake_peer& p) { p.stall(); };

  void operator()(fake_peer& peer) const {
    if (peer.target == "/version") return on_version(peer);
    if (peer.target.find("/containers/json?") != std::string::npos) return on_list(peer);
    if (peer.target.find("/logs?") != std::string::npos) return on_logs(peer);
    on_inspect(peer);
  }
};

class docker_engine_faults : public ::testing::Test {
 protected:
  /// Timeouts are long unless the test is about one.
  docker_engine& start(canned_engine script, docker_timeouts timeouts = {30s, 30s, 30s, 30s}) {
    fake.emplace(std::move(script));
    return engine.emplace(io.context, fake->url(), 256 * 1024, timeouts);
  }

  std::optional<fake_http_engine> fake;
  running_io io;
  std::optional<docker_engine> engine;
};

docker_timeouts short_answer() {
  docker_timeouts timeouts{30s, 50ms, 50ms, 50ms};
  return timeouts;
}

void expect_unavailable(const actors::engine_error& error) {
  EXPECT_EQ(error.code, engine_errc::unavailable);
  EXPECT_EQ(error.message, "docker engine unavailable");
}

TEST_F(docker_engine_faults, asks_for_the_version_once_and_uses_the_lower_one) {
  docker_engine& e = start({});
  EXPECT_TRUE(list_now(e, "p"));
  EXPECT_TRUE(list_now(e, ""));
  auto targets = fake->targets();
  ASSERT_EQ(targets.size(), 3u);
  EXPECT_EQ(targets[0], "/version");
  EXPECT_EQ(targets[1],
            "/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22"
            "com.docker.compose.project%3Dp%22%5D%7D");
}

TEST_F(docker_engine_faults, asks_for_the_version_again_after_a_failure) {
  auto failures = std::make_shared<std::atomic<int>>(1);
  canned_engine script;
  script.on_list = [failures](fake_peer& p) {
    if ((*failures)-- <= 0) p.send(http_answer(200, "[]"));
  };
  docker_engine& e = start(script);
  expect_unavailable(list_now(e, "p").error());
  EXPECT_TRUE(list_now(e, "p"));
  EXPECT_EQ(fake->targets().size(), 4u);
  EXPECT_EQ(fake->targets()[2], "/version");
}

TEST_F(docker_engine_faults, are_unavailable_without_a_socket_or_a_listener) {
  for (const char* url : {"unix:///nonexistent/docker.sock", "tcp://127.0.0.1:1", "nonsense"}) {
    docker_engine e{io.context, url, 1000};
    auto result = list_now(e, "p");
    ASSERT_FALSE(result) << url;
    expect_unavailable(result.error());
    log_reading log{e, id, follow()};
    log.read_all();
    EXPECT_EQ(log.end, log_end::failed);
    expect_unavailable(log.error);
  }
}

TEST_F(docker_engine_faults, are_unavailable_when_the_engine_stalls_at_any_step) {
  const std::string part_of_header = "HTTP/1.1 200 OK\r\nContent-";
  const std::string part_of_body = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[";
  for (const std::string& sent : {std::string{}, part_of_header, part_of_body}) {
    auto stall = [sent](fake_peer& p) {
      p.send(sent);
      p.stall();
    };
    for (int step = 0; step < 3; ++step) {
      canned_engine script;
      (step == 0 ? script.on_version : step == 1 ? script.on_inspect : script.on_logs) = stall;
      if (step == 1) script.on_list = stall;
      docker_engine& e = start(script, short_answer());
      if (step < 2) expect_unavailable(list_now(e, "p").error());
      log_reading log{e, id, {}};
      log.read_all();
      EXPECT_EQ(log.end, log_end::failed) << step << sent;
      expect_unavailable(log.error);
    }
  }
}

TEST_F(docker_engine_faults, do_not_take_garbage_for_an_answer) {
  for (const char* garbage : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "\x16\x03\x01 \r\n\r\n"}) {
    canned_engine script;
    script.on_list = [garbage](fake_peer& p) { p.send(garbage); };
    auto result = list_now(start(script), "p");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, engine_errc::bad_answer);
  }
  for (const char* body : {"", "{", "{}", "[1]", "null", R"([{"Id":"../x","State":"running"}])",
                           R"([{"Id":5,"State":"running"}])", R"([{"Id":"ab","Labels":[]}])"}) {
    canned_engine script;
    script.on_list = script.on_inspect = [body](fake_peer& p) { p.send(http_answer(200, body)); };
    docker_engine& e = start(script);
    auto result = list_now(e, "p");
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, engine_errc::bad_answer) << body;
    log_reading log{e, id, {}};
    log.read_all();
    EXPECT_EQ(log.error.code, engine_errc::bad_answer) << body;
  }
}

TEST_F(docker_engine_faults, bound_the_size_of_an_answer) {
  canned_engine script;
  script.on_list = [](fake_peer& p) {
    p.send(chunked_head);
    while (p.send(http_chunk(std::string(100'000, ' ')))) {
    }
  };
  script.on_inspect = [](fake_peer& p) {
    p.send("HTTP/1.1 500 x\r\nContent-Length: 99999999999\r\n\r\n");
    while (p.send(std::string(100'000, ' '))) {
    }
  };
  docker_engine& e = start(script);
  EXPECT_EQ(list_now(e, "p").error().code, engine_errc::bad_answer);
  log_reading log{e, id, {}};
  log.read_all();
  EXPECT_EQ(log.error.code, engine_errc::bad_answer);
}

TEST_F(docker_engine_faults, tell_what_the_engine_said_shortly) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(http_answer(501, "{\"message\":\"logging driver does not support reading " +
                                std::string(1000, 'x') + "\"}"));
  };
  log_reading log{start(script), id, {}};
  log.read_all();
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.code, engine_errc::refused);
  EXPECT_TRUE(log.error.message.starts_with("docker refused: logging driver does not"))
      << log.error.message;
  EXPECT_LE(log.error.message.size(), 220u);
}

TEST_F(docker_engine_faults, say_container_not_found_for_a_404_and_never_send_an_id_that_is_none) {
  canned_engine script;
  script.on_inspect = [](fake_peer& p) { p.send(http_answer(404, R"({"message":"No such"})")); };
  docker_engine& e = start(script);
  for (const std::string& asked : {id, std::string{"../../version"}, std::string{}}) {
    log_reading log{e, asked, {}};
    log.read_all();
    EXPECT_EQ(log.end, log_end::failed);
    EXPECT_EQ(log.error.code, engine_errc::not_found);
    EXPECT_EQ(log.error.message, "container not found");
  }
  EXPECT_EQ(fake->targets(),
            (std::vector<std::string>{"/version", "/v1.41/containers/" + id + "/json"}));
}

TEST_F(docker_engine_faults, ask_for_the_log_as_the_query_says) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) { p.send(http_answer(200, "")); };
  docker_engine& e = start(script);
  log_query query;
  query.tail = 7;
  query.since = protocol::timestamp{std::chrono::nanoseconds{1'700'000'000'000'000'005}};
  query.until = protocol::timestamp{std::chrono::nanoseconds{-1}};
  log_reading log{e, id, query};
  log.read_all();
  EXPECT_EQ(log.end, log_end::end_of_history);
  EXPECT_EQ(fake->targets().back(), "/v1.41/containers/" + id +
                                        "/logs?stdout=1&stderr=1&timestamps=1&follow=0&tail=7"
                                        "&since=1700000000.000000005&until=0.000000000");
}

TEST_F(docker_engine_faults, end_a_log_whose_frame_claims_700_mib) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head +
           http_chunk(log_frame(stamp + "good\n") + std::string("\1\0\0\0\x2b\xc0\0\0", 8)));
    p.stall();
  };
  log_reading log{start(script), id, follow()};
  log.read_all();
  EXPECT_EQ(log.lines, std::vector<std::string>{"good"});
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.code, engine_errc::bad_answer);
}

TEST_F(docker_engine_faults, end_a_followed_log_that_is_cut_off) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n") + log_frame(stamp + "t")));
  };
  log_reading log{start(script), id, follow()};
  log.read_all();
  EXPECT_EQ(log.lines, (std::vector<std::string>{"one", "t"}));
  EXPECT_EQ(log.end, log_end::failed);
  expect_unavailable(log.error);
}

TEST_F(docker_engine_faults, end_a_log_that_ends_cleanly_within_a_frame) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n").substr(0, 20)) + last_chunk);
  };
  log_reading log{start(script), id, {}};
  log.read_all();
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.message, "the log ended within a frame");
}

/// Follows a log that ends, with an engine that answers `inspections` one after the other.
log_reading follow_to_the_end(docker_engine& e) {
  log_reading log{e, id, follow()};
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

TEST_F(docker_engine_faults, take_a_container_for_exited_once_the_engine_says_so) {
  const std::string gone = http_answer(404, "{}");
  for (const std::string& after : {details(false), details(true, "t2"), gone}) {
    log_reading log =
        follow_to_the_end(start(ending_log({details(true), details(true), details(true), after})));
    EXPECT_EQ(log.lines, std::vector<std::string>{"bye"});
    EXPECT_EQ(log.end, log_end::container_exited) << after;
  }
}

TEST_F(docker_engine_faults, tell_when_the_log_ends_while_the_container_runs_on) {
  log_reading log = follow_to_the_end(start(ending_log({details(true)}), {30s, 30s, 30s, 100ms}));
  EXPECT_EQ(log.end, log_end::failed);
  EXPECT_EQ(log.error.message, "the log stream ended while the container runs on");
}

TEST_F(docker_engine_faults, are_unavailable_when_the_engine_is_gone_after_the_end_of_the_log) {
  log_reading log = follow_to_the_end(start(ending_log({details(true), ""})));
  EXPECT_EQ(log.lines, std::vector<std::string>{"bye"});
  EXPECT_EQ(log.end, log_end::failed);
  expect_unavailable(log.error);
}

TEST_F(docker_engine_faults, hand_over_a_line_as_soon_as_it_is_there) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    // The bytes after the line are part of the next: they must not hold the line back.
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")) + "2");
    p.stall();
  };
  log_reading log{start(script), id, follow()};
  log.next();
  EXPECT_EQ(log.lines, std::vector<std::string>{"one"});
  EXPECT_EQ(log.entries, 1u);
}

TEST_F(docker_engine_faults, read_only_what_is_asked_for) {
  auto sent = std::make_shared<std::atomic<std::size_t>>(0);
  canned_engine script;
  script.on_logs = [sent](fake_peer& p) {
    const std::string chunk = http_chunk(log_frame(stamp + std::string(8000, 'x') + "\n"));
    p.send(chunked_head);
    while (*sent < 64'000'000 && p.send(chunk)) *sent += chunk.size();
  };
  log_reading log{start(script), id, follow()};
  auto first = log.next();
  ASSERT_TRUE(first);
  EXPECT_GE(first->lines.size(), 1u);
  EXPECT_LT(first->lines.bytes(), 300'000u);
  // More than the chunk, a buffer and what a socket holds never leaves the engine.
  std::size_t before = 0;
  ASSERT_TRUE(eventually([&] {
    std::this_thread::sleep_for(50ms);
    return std::exchange(before, sent->load()) == sent->load();
  }));
  EXPECT_LT(*sent, 4'000'000u);
  EXPECT_EQ(log.chunks_arrived(), 1u);
  log.next();
  EXPECT_EQ(log.chunks_arrived(), 2u);
}

TEST_F(docker_engine_faults, remember_a_read_before_the_log_is_open) {
  std::promise<void> open;
  auto opened = open.get_future().share();
  canned_engine script;
  script.on_logs = [opened](fake_peer& p) {
    opened.wait();
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")));
    p.stall();
  };
  log_reading log{start(script), id, follow()};
  log.ask();
  open.set_value();
  log.wait_for_chunk();
  EXPECT_EQ(log.lines, std::vector<std::string>{"one"});
}

TEST_F(docker_engine_faults, close_the_connection_with_the_stream_at_any_step) {
  auto closed = std::make_shared<std::atomic<int>>(0);
  canned_engine script;
  script.on_logs = [closed](fake_peer& p) {
    p.send(chunked_head + http_chunk(log_frame(stamp + "one\n")));
    p.stall();
    ++*closed;
  };
  docker_engine& e = start(script);
  {
    log_reading waiting{e, id, follow()};
    waiting.next();
    log_reading reading{e, id, follow()};
    reading.next();
    reading.ask();
    list_now(e, "p");  // meanwhile the read begins to wait for the engine
  }
  EXPECT_TRUE(eventually([&] { return *closed == 2; }));
  // Before, while and after it opens: nothing crashes, and no connection stays.
  for (int i = 0; i < 100; ++i) {
    const std::size_t requests = fake->targets().size();
    log_reading log{e, id, follow()};
    if (i % 2) log.ask();
    if (i % 3 > 0) eventually([&] { return fake->targets().size() >= requests + i % 3; });
    log.close();
  }
  EXPECT_TRUE(eventually([&] {
    int logs = 0;
    for (const std::string& t : fake->targets()) logs += t.find("/logs?") != std::string::npos;
    return *closed == logs;
  }));
}

TEST_F(docker_engine_faults, give_an_error_or_the_lines_wherever_the_engine_cuts_the_connection) {
  const std::string answer = chunked_head + http_chunk(log_frame(stamp + "one\n")) +
                             http_chunk(log_frame(stamp + "two\n", 2)) + last_chunk;
  auto cut = std::make_shared<std::atomic<std::size_t>>(0);
  canned_engine script;
  script.on_logs = [answer, cut](fake_peer& p) { p.send(answer.substr(0, *cut)); };
  docker_engine& e = start(script);
  for (*cut = 0; *cut <= answer.size(); ++*cut) {
    log_reading log{e, id, {}};
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

TEST_F(docker_engine_faults, survive_a_handler_that_throws) {
  docker_engine& e = start({});
  e.list("p", [](auto) { throw std::runtime_error{"handler"}; });
  EXPECT_TRUE(list_now(e, "p"));
}

TEST_F(docker_engine_faults, reach_an_engine_over_tcp) {
  boost::asio::io_context server;
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor{server, {boost::asio::ip::address_v4::loopback(), 0}};
  docker_engine e{io.context, "tcp://localhost:" + std::to_string(acceptor.local_endpoint().port()),
                  1000};
  std::thread answers{[&] {
    for (const std::string& answer : {version, http_answer(200, "[]")}) {
      tcp::socket peer = acceptor.accept();
      char request[4096];
      peer.read_some(boost::asio::buffer(request));
      peer.write_some(boost::asio::buffer(answer));
    }
  }};
  EXPECT_TRUE(list_now(e, "p"));
  answers.join();
}

}  // namespace
}  // namespace spillway::host::testing
