// How the simulated Engine misbehaves just now.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spillway::sim {

/// How a stream ends that is cut.
enum class cut_kind {
  /// In the middle of what is sent, or at once where nothing is.
  anywhere,
  /// Within a frame's header; the connection is closed.
  in_header,
  /// Within a frame's header, though the body ends as it should.
  in_header_with_proper_end,
};

/// A log that is being sent.
class live_stream {
 public:
  live_stream() = default;
  live_stream(const live_stream&) = delete;
  live_stream& operator=(const live_stream&) = delete;
  virtual ~live_stream() = default;
  /// Any thread.
  virtual void cut(cut_kind how) = 0;
  virtual void stall(std::chrono::nanoseconds time) = 0;
};

/// What connections ask before they answer, and where faults reach them. Context: any thread.
class misbehaviour {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void slow_down(std::chrono::nanoseconds by, time_point until);
  void fail(time_point until);
  /// How long an answer is to wait.
  std::chrono::nanoseconds delay(time_point now) const;
  bool fails(time_point now) const;

  void add(const std::string& container, const std::shared_ptr<live_stream>& stream);
  /// Those of a container that are being sent.
  std::vector<std::shared_ptr<live_stream>> streams_of(const std::string& container);

  /// Ends every connection: for an Engine that restarts.
  void add_connection(std::weak_ptr<void> owner, std::function<void()> close);
  void close_connections();
  std::size_t connections();

 private:
  struct connection {
    std::weak_ptr<void> owner;
    std::function<void()> close;
  };
  mutable std::mutex mutex_;
  std::chrono::nanoseconds slow_by_{};
  time_point slow_until_{};
  time_point fails_until_{};
  std::multimap<std::string, std::weak_ptr<live_stream>> streams_;
  std::vector<connection> connections_;
};

}  // namespace spillway::sim
