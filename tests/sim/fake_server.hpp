// A server of three streams that keeps its promises, or breaks the one that a test wants broken.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace spillway::sim {

/// A viewer's stream on the fake server. Context: the thread of its connection.
class fake_stream {
 public:
  using socket = boost::asio::ip::tcp::socket;

  fake_stream(boost::beast::websocket::stream<socket>& ws, std::string target, std::string token)
      : ws_(ws), target_(std::move(target)), token_(std::move(token)) {}

  const std::string& target() const { return target_; }
  const std::string& token() const { return token_; }
  /// Whether the viewer comes back to where it was.
  bool resumes() const { return target_.find("since=") != std::string::npos; }

  void send(const std::string& frame);
  /// Lines of life 1, from `first` to `last`, the form of the reference.
  void send_lines(std::uint64_t first, std::uint64_t last, std::uint32_t life = 1);
  void send_notice(std::uint64_t skipped);
  /// A close frame, and the client's answer to it.
  void close(std::uint16_t code, const std::string& reason);
  /// The end of TCP without a close frame.
  void drop();
  /// Until the viewer goes.
  void wait_for_end();

 private:
  boost::beast::websocket::stream<socket>& ws_;
  const std::string target_;
  const std::string token_;
};

/// `{"ts": …, "stream": "stdout", "line": "#<life>.<number> @<ns> text"}`
std::string line_frame(std::uint64_t number, std::uint32_t life = 1);

/// A thread a connection. The app `shop` has the service `web`. Context: any thread.
class fake_server {
 public:
  using script = std::function<void(fake_stream&)>;

  /// Of every stream; the process log is served by it, too.
  explicit fake_server(script streams);
  fake_server(const fake_server&) = delete;
  fake_server& operator=(const fake_server&) = delete;
  ~fake_server();

  std::string url() const;
  /// Answers upgrades with this status instead, from now on.
  void refuse_with(unsigned status) { refusal_ = status; }

  /// Of the tokens that were made by REST: the revoked ones are refused with 401 (unless `lax`).
  bool revoked(const std::string& token) const;
  void be_lax() { lax_ = true; }
  /// Waits until a token is revoked, or the server ends.
  void wait_revoked(const std::string& token);

 private:
  using socket = boost::asio::ip::tcp::socket;
  using request = boost::beast::http::request<boost::beast::http::string_body>;
  struct connection {
    explicit connection(socket s) : tcp(std::move(s)) {}
    socket tcp;
    std::thread thread;
  };

  void accept_all();
  void serve(socket& tcp);
  void answer(socket& tcp, const request& asked);
  std::string body_of(const request& asked);
  void revoke(std::unique_lock<std::mutex>& lock, const std::string& token);

  script streams_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<unsigned> refusal_{0};
  std::atomic<bool> lax_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<connection> connections_;
  std::list<std::string> opened_;
  std::list<std::string> revoked_;
  int keys_ = 0;
  bool ending_ = false;
  std::thread acceptor_thread_;
};

}  // namespace spillway::sim
