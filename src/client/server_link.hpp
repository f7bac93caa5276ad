// Connections to one server: requests and streams.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "client/deadlines.hpp"
#include "client/failure.hpp"
#include "client/frame_stream.hpp"
#include "client/server_address.hpp"
#include "client/tls_trust.hpp"
#include "client/wire.hpp"

namespace spillway::client {

struct http_reply {
  unsigned status = 0;
  std::string body;
  std::string retry_after;
  std::string location;
};

struct link_options {
  server_address server;
  std::string token;
  /// Null without TLS.
  tls_context_ptr tls;
  deadlines wait;
};

/// Where a server is and who asks. A sentence of a failure never holds the token. Context: the
/// io_context's thread.
class server_link {
 public:
  explicit server_link(link_options options) : options_(std::move(options)) {}

  /// Sends one request with a JSON body, or none where `json` is empty, and reads the answer,
  /// whatever its status. `deadline` is for the answer.
  boost::asio::awaitable<result<http_reply>> send(std::string method, std::string target,
                                                  std::string json,
                                                  std::chrono::milliseconds deadline) const;
  boost::asio::awaitable<result<http_reply>> send(std::string method, std::string target) const {
    return send(std::move(method), std::move(target), "", options_.wait.step);
  }

  /// Opens a stream. `app` is the one that it is about, for the sentence of a refusal.
  boost::asio::awaitable<result<std::unique_ptr<frame_stream>>> open(std::string target,
                                                                     std::string app) const;

  const deadlines& wait() const { return options_.wait; }

 private:
  boost::asio::awaitable<result<wire>> dial() const;
  boost::asio::awaitable<result<wire>> shake_hands(boost::beast::tcp_stream connected) const;

  const link_options options_;
};

}  // namespace spillway::client
