// The usual Beast chat server, as the measure of the real one: a websocket::stream a viewer, a
// queue of shared strings, one async_write a line and viewer. It reads the same log from the same
// feeder and sends the same JSON; it knows no users, no limits and no slow viewers.
//
//   spillway_bench_baseline SOCKET CONTAINER-ID
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <unordered_set>

#include "protocol/docker_log_parser.hpp"
#include "protocol/frames.hpp"

namespace spillway::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

class chat_session;
using room = std::unordered_set<std::shared_ptr<chat_session>>;

/// Context: the one thread, like everything here.
class chat_session : public std::enable_shared_from_this<chat_session> {
 public:
  chat_session(tcp::socket socket, room& others) : stream_(std::move(socket)), room_(others) {}

  void start() {
    beast::get_lowest_layer(stream_).socket().set_option(tcp::no_delay(true));
    stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    stream_.text(true);
    stream_.async_accept([self = shared_from_this()](error_code error) {
      if (error) return;
      self->room_.insert(self);
      self->read();
    });
  }

  void send(std::shared_ptr<const std::string> message) {
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) write();
  }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->leave();
      self->buffer_.clear();
      self->read();
    });
  }

  void write() {
    stream_.async_write(asio::buffer(*queue_.front()),
                        [self = shared_from_this()](error_code error, std::size_t) {
                          if (error) return self->leave();
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) self->write();
                        });
  }

  void leave() { room_.erase(shared_from_this()); }

  websocket::stream<beast::tcp_stream> stream_;
  room& room_;
  beast::flat_buffer buffer_;
  std::deque<std::shared_ptr<const std::string>> queue_;
};

class chat_server {
 public:
  chat_server(asio::io_context& io, const std::string& socket_path, const std::string& container)
      : acceptor_(io, {asio::ip::make_address("127.0.0.1"), 0}),
        engine_(io),
        parser_(protocol::log_framing::multiplexed, 256 * 1024) {
    engine_.connect({socket_path});
    // HTTP/1.0: the answer's body comes without chunks.
    asio::write(engine_, asio::buffer("GET /containers/" + container +
                                      "/logs?follow=1&stdout=1&stderr=1&timestamps=1&tail=0 "
                                      "HTTP/1.0\r\n\r\n"));
    const std::size_t header = asio::read_until(engine_, asio::dynamic_buffer(input_), "\r\n\r\n");
    input_.erase(0, header);
    publish(input_);
    input_.resize(64 * 1024);
    read();
    accept();
  }
  unsigned port() const { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (!error) std::make_shared<chat_session>(std::move(socket), room_)->start();
      accept();
    });
  }

  void read() {
    engine_.async_read_some(asio::buffer(input_), [this](error_code error, std::size_t size) {
      if (error) return;
      publish(std::string_view(input_).substr(0, size));
      read();
    });
  }

  void publish(std::string_view bytes) {
    if (!parser_.feed(bytes, lines_)) return;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      std::string json;
      protocol::append_log_frame(json, lines_[i]);
      const auto message = std::make_shared<const std::string>(std::move(json));
      for (const auto& session : room_) session->send(message);
    }
    lines_.clear();
  }

  tcp::acceptor acceptor_;
  asio::local::stream_protocol::socket engine_;
  protocol::docker_log_parser parser_;
  protocol::log_lines lines_;
  std::string input_;
  room room_;
};

}  // namespace
}  // namespace spillway::bench

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    boost::asio::io_context io{1};
    const spillway::bench::chat_server server(io, argv[1], argv[2]);
    std::printf("listening on http://127.0.0.1:%u\n", server.port());
    std::fflush(stdout);
    io.run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "the baseline failed: %s\n", e.what());
    return 1;
  }
}
