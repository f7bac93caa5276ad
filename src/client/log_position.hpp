// Where the reader of a container's log stands, so that the next connection goes on from there.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "protocol/timestamp.hpp"

namespace spillway::client {

/// Which lines were had. The server sends everything from `since` on, that point included, and
/// lines need not be in the order of their times: those of the last second before the newest are
/// asked for once more, and what of them was had is skipped, each as often as it was had.
/// Context: one thread.
class log_position {
 public:
  /// Lines stored later than a newer one are at most this much older.
  static constexpr std::chrono::seconds disorder{1};
  /// The most lines remembered, 16 bytes each; where more come in a second, disorder is looked for
  /// in fewer.
  static constexpr std::size_t max_remembered = 1 << 16;

  explicit log_position(std::size_t most = max_remembered) : most_(most) {}

  /// What to ask for at the next connection; nothing before the first line: ask as at first.
  std::optional<protocol::timestamp> since() const;
  /// A connection was opened that asked for since().
  void begin();
  /// A line came. False where it was had before.
  bool take(protocol::timestamp at, std::string_view stream, std::string_view text);
  /// Lines before the next one are missing, and stay so.
  void note_gap() {
    floor_.reset();
    joined_ = true;
  }

 private:
  struct had_line {
    protocol::timestamp at;
    std::uint64_t hash;
  };
  void remember(protocol::timestamp at, std::uint64_t hash);

  const std::size_t most_;
  std::deque<had_line> recent_;
  std::optional<protocol::timestamp> newest_;
  /// Nothing older is asked for: what is older was not wanted, or is no longer remembered.
  std::optional<protocol::timestamp> floor_;
  /// Of the lines that were had, those that this connection has not brought yet.
  std::unordered_map<std::uint64_t, std::size_t> expected_;
  /// This connection has come to what was had, or there was nothing.
  bool joined_ = true;
};

}  // namespace spillway::client
