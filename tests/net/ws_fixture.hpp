// A client and the session's side of its connection.
#pragma once

#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {

/// Long enough never to pass in a test.
inline config::settings calm_settings() {
  config::settings settings;
  settings.stream.ping_interval = std::chrono::hours(1);
  return settings;
}

/// Over plain TCP and over TLS: INSTANTIATE_OVER_EACH_TRANSPORT.
class ws_fixture : public ::testing::TestWithParam<transport> {
 protected:
  explicit ws_fixture(config::settings settings = calm_settings(),
                      std::chrono::milliseconds close_timeout = std::chrono::seconds(5))
      : server(std::move(settings), 512, close_timeout, GetParam()) {}

  /// Opens a stream; `more` follows the handshake in the same write.
  void connect(int receive_buffer = 0, std::string_view more = {}) {
    client = std::make_unique<raw_client>(server.port(), receive_buffer, GetParam());
    client->send(upgrade_request("/api/apps/shop/logs", bearer("viewer")) + std::string(more));
    ASSERT_EQ(client->read_answer().status, 101);
    viewer = server.gateway.next_viewer();
    ASSERT_TRUE(viewer);
  }

  using write_result = actors::viewer_connection::write_result;

  /// More than a client that does not read makes the kernel take.
  static actors::batch_ptr large_batch(int frames_in_it = 400) {
    std::vector<std::string> payloads;
    for (int i = 0; i < frames_in_it; ++i) {
      payloads.push_back(std::to_string(i) + std::string(10'000, 'x'));
    }
    return frames(payloads);
  }

  test_server server;
  std::unique_ptr<raw_client> client;
  std::shared_ptr<recorded_viewer> viewer;
};

inline std::string name_of_transport(const ::testing::TestParamInfo<transport>& chosen) {
  return chosen.param == transport::tls ? "tls" : "plain";
}

#define INSTANTIATE_OVER_EACH_TRANSPORT(fixture)                                               \
  INSTANTIATE_TEST_SUITE_P(over, fixture, ::testing::Values(transport::plain, transport::tls), \
                           name_of_transport)

}  // namespace spillway::net::testing
