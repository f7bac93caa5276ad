// What client_socket adds to the sockets it is made of.
#include "net/client_socket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/strand.hpp>
#include <optional>

#include "net/raw_client.hpp"

namespace spillway::net::testing {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

class a_client_socket : public ::testing::TestWithParam<transport> {
 protected:
  a_client_socket() {
    tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    tcp_socket ours(boost::asio::make_strand(io));
    peer.connect(acceptor.local_endpoint());
    acceptor.accept(ours);
    if (GetParam() == transport::tls) {
      socket.emplace(std::move(ours), test_server_context());
    } else {
      socket.emplace(std::move(ours));
    }
  }

  boost::asio::io_context io;
  tcp::socket peer{io};
  std::optional<client_socket> socket;
};

TEST_P(a_client_socket, aborts_what_waits_when_it_is_destroyed) {
  error_code read;
  error_code waited;
  std::array<char, 8> into;
  socket->async_read_some(boost::asio::buffer(into),
                          [&](error_code error, std::size_t) { read = error; });
  socket->async_wait_readable([&](error_code error) { waited = error; });
  io.poll();
  EXPECT_FALSE(read);
  socket.reset();
  io.run_for(std::chrono::seconds(20));
  EXPECT_EQ(read, boost::asio::error::operation_aborted);
  EXPECT_EQ(waited, boost::asio::error::operation_aborted);
}

TEST_P(a_client_socket, fails_everything_once_it_is_closed) {
  socket->close();
  socket->close();
  error_code error;
  std::array<char, 8> bytes{};
  EXPECT_EQ(socket->read_some(boost::asio::buffer(bytes), error), 0u);
  EXPECT_TRUE(error);
  iovec part{bytes.data(), bytes.size()};
  EXPECT_EQ(socket->send_some({&part, 1}, error), 0u);
  EXPECT_TRUE(error);
  socket->finish_sending(error);
  EXPECT_TRUE(error);
}

INSTANTIATE_TEST_SUITE_P(over, a_client_socket, ::testing::Values(transport::plain, transport::tls),
                         [](const auto& chosen) {
                           return chosen.param == transport::tls ? "tls" : "plain";
                         });

}  // namespace
}  // namespace spillway::net::testing
