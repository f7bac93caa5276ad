// One line of any length, held in bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::protocol {

/// Collects a line piece by piece and keeps its first `max_bytes` bytes; what comes after them is
/// counted and dropped.
class bounded_line {
 public:
  explicit bounded_line(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void append(std::string_view bytes);
  /// Forgets one `\r` at the end of the line, cut or not.
  void drop_carriage_return();
  /// Bytes of the line so far, dropped ones included.
  std::uint64_t size() const { return size_; }
  /// The line. A cut one ends at a UTF-8 boundary and says how much is missing:
  /// `… [spillway] line cut, 1234 bytes dropped`. Valid until the next call of any member.
  std::string_view finish();
  void clear();

 private:
  std::size_t max_bytes_;
  std::string text_;
  std::uint64_t size_ = 0;
  char last_ = '\0';
};

}  // namespace spillway::protocol
