// What one call on a TLS socket may do, whatever the client sends.
#include "net/tls_socket.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "net/client_socket.hpp"
#include "net/tls_codec.hpp"

namespace spillway::net::testing {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

/// With the handshake done and nothing on its way, on one thread.
class a_tls_socket : public ::testing::Test {
 protected:
  a_tls_socket() {
    restart();
    shake();
  }

  /// A new connection.
  void restart() {
    tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    tcp_socket ours(boost::asio::make_strand(io));
    peer = tcp::socket(io);
    peer.connect(acceptor.local_endpoint());
    acceptor.accept(ours);
    socket.emplace(std::move(ours), test_server_context());
    client.emplace();
  }

  void shake() {
    error_code error = boost::asio::error::would_block;
    while (!client->shaken() && error == boost::asio::error::would_block) {
      deliver(client->shake());
      read(error);
      std::string answer(peer.available(), '\0');
      if (!answer.empty()) answer.resize(peer.read_some(boost::asio::buffer(answer)));
      client->open(answer);
    }
    deliver(client->shake());
    while (arrived() > 0) read(error);
    ASSERT_EQ(error, boost::asio::error::would_block);
  }
  /// Returns once it is all there to be read.
  void deliver(std::string_view bytes) {
    const auto before = arrived();
    boost::asio::write(peer, boost::asio::buffer(bytes));
    while (arrived() < before + bytes.size()) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("nothing arrives");
    }
  }
  std::size_t arrived() { return socket->tcp().available(); }
  std::string read(error_code& error) {
    std::string bytes(1024, '\0');
    bytes.resize(socket->read_some(boost::asio::buffer(bytes), error));
    return bytes;
  }

  const std::chrono::steady_clock::time_point end =
      std::chrono::steady_clock::now() + std::chrono::seconds(20);
  boost::asio::io_context io;
  tcp::socket peer{io};
  std::optional<tls_codec> client;
  std::optional<client_socket> socket;
};

TEST_F(a_tls_socket, does_not_read_on_and_on_while_a_client_sends_nothing_of_the_application) {
  const auto one = client->update_keys(1).size();
  ASSERT_GT(one, 0u);
  restart();
  shake();
  const auto flood = client->update_keys(1000);
  deliver(flood);
  error_code error;
  EXPECT_EQ(read(error), "");
  EXPECT_EQ(error, boost::asio::error::would_block) << "others have their turn";
  EXPECT_EQ(arrived(), flood.size() - one) << "a record a call";
}

TEST_F(a_tls_socket, does_not_read_on_and_on_within_the_handshake) {
  restart();
  error_code error;
  deliver(client->shake());
  read(error);
  // Ignored in this place for the sake of middleboxes (RFC 8446, section 5).
  std::string flood;
  for (int i = 0; i < 30; ++i) flood.append("\x14\x03\x03\x00\x01\x01", 6);
  deliver(flood);
  EXPECT_EQ(read(error), "");
  EXPECT_EQ(error, boost::asio::error::would_block);
  EXPECT_GT(arrived(), 0u);
}

TEST_F(a_tls_socket, reads_in_the_end_what_comes_behind_such_a_flood) {
  const auto flood = client->update_keys(1000);
  deliver(flood + client->seal("hello"));
  std::array<char, 16> into;
  std::string got;
  socket->async_read_some(boost::asio::buffer(into), [&](error_code error, std::size_t n) {
    EXPECT_FALSE(error) << error.message();
    got.assign(into.data(), n);
  });
  EXPECT_EQ(got, "") << "other handlers come between";
  io.run_until(end);
  EXPECT_EQ(got, "hello");
}

}  // namespace
}  // namespace spillway::net::testing
