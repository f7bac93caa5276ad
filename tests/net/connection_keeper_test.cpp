#include "net/connection_keeper.hpp"

#include <gtest/gtest.h>

#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

TEST(connection_keeper, keeps_what_it_was_given_until_it_is_released) {
  boost::asio::io_context io;
  auto& keeper = boost::asio::use_service<connection_keeper>(io);
  auto kept = std::make_shared<int>(1);
  std::weak_ptr<int> weak = kept;
  keeper.keep(kept);
  keeper.keep(kept);
  const void* address = kept.get();
  kept.reset();
  EXPECT_FALSE(weak.expired());
  EXPECT_TRUE(keeper.release(address));
  EXPECT_TRUE(weak.expired());
  EXPECT_FALSE(keeper.release(address));
}

TEST(connection_keeper, lets_go_when_its_io_context_dies) {
  std::weak_ptr<int> weak;
  {
    boost::asio::io_context io;
    auto kept = std::make_shared<int>(1);
    weak = kept;
    boost::asio::use_service<connection_keeper>(io).keep(std::move(kept));
  }
  EXPECT_TRUE(weak.expired());
}

/// A client that neither reads nor answers, left in each state in which a server can be stopped.
TEST(connection_keeper, lets_a_server_die_with_connections_in_any_state) {
  std::vector<std::unique_ptr<raw_client>> clients;
  test_server server(calm_settings());
  server.gateway.abort_at_end = false;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(std::make_unique<raw_client>(server.port(), 4096));
    clients.back()->send(upgrade_request("/api/apps/shop/logs", bearer("viewer")));
    ASSERT_EQ(clients.back()->read_answer().status, 101);
    auto viewer = server.gateway.next_viewer();
    ASSERT_TRUE(viewer);
    if (i % 2 == 1) viewer->write(frames({std::string(4 << 20, 'x')}));
    if (i >= 2) viewer->close(protocol::close_code::normal, "done");
  }
}

}  // namespace
}  // namespace spillway::net::testing
