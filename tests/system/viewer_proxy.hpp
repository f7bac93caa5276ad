// A port in front of the server that sees which frames of a stream are compressed, for clients that
// do not tell, and that can make any client a slow one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "system/http_client.hpp"

namespace spillway::system_test {

/// What text frames were seen.
struct seen_frames {
  /// For each, whether RSV1 was set (RFC 7692 section 6).
  std::vector<bool> compressed;
  /// With their headers.
  std::size_t wire_bytes = 0;
};

/// For one client. `seen` is for one that opens one stream. Bytes pass unchanged, in both
/// directions. Context: the test's thread; each connection has two of its own.
class viewer_proxy {
 public:
  /// Throws where it cannot listen.
  explicit viewer_proxy(address server);
  viewer_proxy(const viewer_proxy&) = delete;
  viewer_proxy& operator=(const viewer_proxy&) = delete;
  ~viewer_proxy();

  const address& where() const { return where_; }

  /// Nothing that the server sends passes, but for what is under way, until `let_through`.
  void hold_back();
  void let_through();

  /// Cuts all connections as they are.
  void cut_all();
  /// Where connections go from now on: a server that was started again has another port.
  void go_to(address server);

  /// Those of the stream that have passed so far.
  seen_frames seen() const;

 private:
  struct connection;
  /// Where a connection's answers stand.
  struct reader {
    std::string header;
    std::uint64_t payload_left = 0;
    bool upgraded = false;
  };

  void accept_all();
  void pump_requests(connection& on) const;
  void pump_answers(connection& on);
  /// False once the proxy ends.
  bool wait_until_let_through();
  void look_at(reader& at, std::string_view bytes);
  void note_frame(const std::string& header, std::uint64_t payload);

  address where_;
  int listener_ = -1;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Under the mutex.
  address server_;
  bool held_back_ = false;
  bool ending_ = false;
  seen_frames seen_;
  std::list<std::unique_ptr<connection>> connections_;
};

}  // namespace spillway::system_test
