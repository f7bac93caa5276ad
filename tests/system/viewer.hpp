// A viewer of one stream: a WebSocket client that keeps what it was sent and how it was told
// goodbye.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "system/http_client.hpp"

namespace spillway::system_test {

struct viewer_options {
  http_headers headers;
  /// Begins without reading: a stuck viewer.
  bool paused = false;
  /// Counts frames and their bytes, and keeps only the newest.
  bool count_only = false;
  bool offer_compression = false;
  /// SO_RCVBUF; 0 leaves the kernel's choice.
  int receive_buffer_bytes = 0;
};

/// How a stream ended.
struct ending {
  /// Whether a close frame came; without one the connection just went away.
  bool close_frame = false;
  unsigned code = 0;
  std::string reason;
  /// The transport's error where there was no close frame.
  std::string error;
};

void PrintTo(const ending& end, std::ostream* out);

/// Context: the test's thread; the socket lives on a thread of its own.
class viewer {
 public:
  /// Connects and waits until the handshake is answered.
  viewer(const address& where, const std::string& target, viewer_options options = {});
  viewer(const viewer&) = delete;
  viewer& operator=(const viewer&) = delete;
  /// Drops the connection, without a closing handshake.
  ~viewer();

  /// 101 where the stream is open, or the HTTP status of the refusal; 0 where nothing was answered.
  unsigned handshake_status() const;

  std::size_t count() const;
  std::size_t bytes() const;
  std::vector<std::string> frames() const;
  std::string newest() const;

  /// Each waits with a deadline and tells whether it came to pass.
  bool wait_for_count(std::size_t count, std::chrono::milliseconds deadline = patience);
  bool wait_for_bytes(std::size_t bytes, std::chrono::milliseconds deadline = patience);
  /// Waits for a frame that contains `text`, however long ago it came.
  bool wait_for_text(const std::string& text, std::chrono::milliseconds deadline = patience);
  /// Nothing where the stream is still open at the deadline.
  std::optional<ending> wait_closed(std::chrono::milliseconds deadline = patience);
  bool open() const;

  /// Stops reading after the frame that is under way.
  void pause();
  void resume();

  void send_text(std::string text);
  void send_binary(std::string bytes);
  void ping();
  bool wait_for_pong(std::chrono::milliseconds deadline = patience);
  /// Bytes past the WebSocket layer, for breaking its rules.
  void send_raw(std::string bytes);
  /// Begins the closing handshake with 1000.
  void close();

 private:
  struct state;
  template <class Value>
  Value locked(Value state::*member) const;
  bool wait(std::chrono::milliseconds deadline, const std::function<bool()>& condition);

  std::shared_ptr<state> state_;
};

/// A frame's keys in the order in which they were sent.
std::vector<std::string> keys_of(const std::string& frame);

/// One member of a frame as text; empty where it has none.
std::string text_of(const std::string& frame, const std::string& key);

}  // namespace spillway::system_test
