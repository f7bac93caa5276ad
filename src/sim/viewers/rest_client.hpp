// REST calls to the server, one after the other.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/viewers/viewer_link.hpp"

namespace spillway::sim {

struct rest_call {
  /// `GET`, `POST`, `DELETE`.
  std::string method;
  std::string path;
  /// Null for none.
  nlohmann::json body;
  /// One of both proves who asks.
  std::string token;
  std::string cookie;
};

struct rest_answer {
  /// 0 where there was none; then `text` says why.
  unsigned status = 0;
  std::string text;
  /// Of `Set-Cookie`, up to its first semicolon.
  std::string cookie;

  /// Null where the body is no JSON.
  nlohmann::json json() const;
  bool good() const { return status >= 200 && status < 300; }
  /// `500 {"error": …}`, shortened.
  std::string summary() const;
};

/// A connection a call. Context: its strand; handlers are called there, never within `call`.
class rest_client : public std::enable_shared_from_this<rest_client> {
 public:
  using handler = std::function<void(const rest_answer&)>;
  static constexpr std::chrono::seconds patience{30};

  rest_client(const viewer_strand& strand, const server_place& server)
      : strand_(strand), server_(server) {}

  void call(rest_call what, handler done);
  /// Calls that have not begun are forgotten, and no handler is called any more.
  void stop() { stopped_ = true; }

 private:
  struct exchange;
  void next();
  void over(const rest_answer& answer);

  viewer_strand strand_;
  const server_place& server_;
  std::deque<std::pair<rest_call, handler>> waiting_;
  bool busy_ = false;
  bool stopped_ = false;
};

/// The same for a thread that has nothing else to do. Not from one that runs handlers.
rest_answer call_and_wait(const server_place& server, rest_call what);

}  // namespace spillway::sim
