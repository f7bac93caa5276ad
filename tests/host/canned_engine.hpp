// An engine with one container, whose answers a test can replace.
#pragma once

#include <gtest/gtest.h>

#include "host/docker_fixture.hpp"
#include "host/fake_http_engine.hpp"

namespace spillway::host::testing {

inline const std::string container_id = "0123456789abcdef";
inline const std::string version_answer =
    http_answer(200, R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})");
inline const std::string stamp = "2026-04-17T10:14:32.118000000Z ";

inline std::string details(bool running, const std::string& started_at = "t1", bool tty = false,
                           const std::string& finished_at = "0001-01-01T00:00:00Z") {
  return http_answer(200, std::string{R"({"Config":{"Tty":)"} + (tty ? "true" : "false") +
                              R"(},"State":{"Running":)" + (running ? "true" : "false") +
                              R"(,"StartedAt":")" + started_at + R"(","FinishedAt":")" +
                              finished_at + R"("}})");
}

/// An engine with one container. What a test does not replace works.
struct canned_engine {
  std::function<void(fake_peer&)> on_version = [](fake_peer& p) { p.send(version_answer); };
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

class canned_engine_test : public ::testing::Test {
 protected:
  /// Timeouts are long unless the test is about one.
  docker_engine& start(canned_engine script, docker_timeouts timeouts = {30s, 30s, 30s, 30s}) {
    fake.emplace(std::move(script));
    return engine.emplace(io.context, fake->url(), limits, timeouts);
  }

  log_limits limits{256 * 1024};
  std::optional<fake_http_engine> fake;
  running_io io;
  std::optional<docker_engine> engine;
};

inline docker_timeouts short_answer() {
  docker_timeouts timeouts{30s, 50ms, 50ms, 50ms};
  return timeouts;
}

inline void expect_unavailable(const actors::engine_error& error) {
  EXPECT_EQ(error.code, actors::engine_errc::unavailable);
  EXPECT_EQ(error.message, "docker engine unavailable");
}

}  // namespace spillway::host::testing
