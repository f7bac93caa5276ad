#include "host/docker_engine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <fstream>
#include <sstream>

#include "host/canned_engine.hpp"

namespace spillway::host::testing {
namespace {

using actors::engine_errc;
using actors::log_end;

class docker_engine_faults : public canned_engine_test {};

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
    docker_engine e{io.context, url, {1000}};
    auto result = list_now(e, "p");
    ASSERT_FALSE(result) << url;
    expect_unavailable(result.error());
    log_reading log{e, container_id, follow()};
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
      log_reading log{e, container_id, {}};
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
    log_reading log{e, container_id, {}};
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
  log_reading log{e, container_id, {}};
  log.read_all();
  EXPECT_EQ(log.error.code, engine_errc::bad_answer);
}

TEST_F(docker_engine_faults, tell_what_the_engine_said_shortly) {
  canned_engine script;
  script.on_logs = [](fake_peer& p) {
    p.send(http_answer(501, "{\"message\":\"logging driver does not support reading " +
                                std::string(1000, 'x') + "\"}"));
  };
  log_reading log{start(script), container_id, {}};
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
  for (const std::string& asked : {container_id, std::string{"../../version"}, std::string{}}) {
    log_reading log{e, asked, {}};
    log.read_all();
    EXPECT_EQ(log.end, log_end::failed);
    EXPECT_EQ(log.error.code, engine_errc::not_found);
    EXPECT_EQ(log.error.message, "container not found");
  }
  EXPECT_EQ(fake->targets(),
            (std::vector<std::string>{"/version", "/v1.41/containers/" + container_id + "/json"}));
}

TEST_F(docker_engine_faults, survive_a_handler_that_throws) {
  docker_engine& e = start({});
  e.list("p", [](auto) { throw std::runtime_error{"handler"}; });
  EXPECT_TRUE(list_now(e, "p"));
}

/// Whether the kernel probes the idle connection to this local port (`tr` 2 in /proc/net/tcp).
bool is_kept_alive(unsigned remote_port) {
  std::ifstream table("/proc/net/tcp");
  const std::string established_to = fmt::format("0100007F:{:04X} 01 ", remote_port);
  for (std::string row; std::getline(table, row);) {
    if (row.find(established_to) == std::string::npos) continue;
    std::istringstream columns(row);
    std::string timer;
    for (int i = 0; i < 6; ++i) columns >> timer;
    return timer.starts_with("02:");
  }
  return false;
}

TEST_F(docker_engine_faults, reach_an_engine_over_tcp_and_notice_when_its_host_is_gone) {
  boost::asio::io_context server;
  using boost::asio::ip::tcp;
  tcp::acceptor acceptor{server, {boost::asio::ip::address_v4::loopback(), 0}};
  const auto port = acceptor.local_endpoint().port();
  docker_engine e{io.context, "tcp://127.0.0.1:" + std::to_string(port), {1000}};
  std::thread answers{[&] {
    for (const std::string& answer : {version_answer, http_answer(200, "[]")}) {
      tcp::socket peer = acceptor.accept();
      char request[4096];
      peer.read_some(boost::asio::buffer(request));
      EXPECT_TRUE(is_kept_alive(port));
      peer.write_some(boost::asio::buffer(answer));
    }
  }};
  EXPECT_TRUE(list_now(e, "p"));
  answers.join();
}

}  // namespace
}  // namespace spillway::host::testing
