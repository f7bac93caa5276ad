// Lines of a container's log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/timestamp.hpp"

namespace spillway::protocol {

enum class output_stream : std::uint8_t { standard_output, standard_error };

/// One whole line, its newline removed. The text belongs to someone else.
struct log_line {
  /// Docker's timestamp of the line's first part.
  timestamp at;
  output_stream stream = output_stream::standard_output;
  std::string_view text;
  /// The same for the same line however it was read (as history, as live stream, or as the last
  /// part of a line whose beginning was not read): a hash over the timestamp, stream and bytes of
  /// the line's last part.
  std::uint64_t identity = 0;
};

/// An owned sequence of lines in few allocations.
class log_lines {
 public:
  void append(const log_line& line);
  void clear();

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return text_.size(); }
  /// Valid until the next append or clear.
  log_line operator[](std::size_t i) const;

 private:
  struct entry {
    timestamp at;
    std::uint64_t identity;
    std::size_t offset;
    std::size_t length;
    output_stream stream;
  };
  std::string text_;
  std::vector<entry> entries_;
};

}  // namespace spillway::protocol
