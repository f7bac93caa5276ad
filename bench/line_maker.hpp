// Log lines as a container prints them, as the Engine's log stream carries them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/timestamp.hpp"

namespace spillway::bench {

/// Access-log lines with varied methods, paths, ids and times, the same for the same seed, made
/// beforehand so that a line costs a copy. Context: one thread.
class line_maker {
 public:
  /// Every line has exactly `text_bytes` bytes, at least 64.
  line_maker(std::size_t text_bytes, std::uint64_t seed);

  /// Appends the line as one entry of a multiplexed log with timestamps.
  void append_entry(std::string& out, std::uint32_t number, std::int64_t sent_us,
                    protocol::timestamp at);

  std::size_t entry_size() const { return entry_size_; }

 private:
  void write_timestamp(char* out, protocol::timestamp at);

  std::vector<std::string> entries_;
  std::size_t entry_size_;
  /// The second that `second_text_` shows.
  std::int64_t second_ = -1;
  std::string second_text_;
};

}  // namespace spillway::bench
