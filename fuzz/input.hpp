// An input taken apart: choices from its end, the rest as it is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace spillway::fuzz {

/// Choices are taken from the end, so that the beginning of a file in the corpus reads like what is
/// parsed. Context: one thread.
class input_reader {
 public:
  explicit input_reader(std::string_view bytes) : rest_(bytes) {}

  /// The last byte; 0 where nothing is left.
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto last = static_cast<std::uint8_t>(rest_.back());
    rest_.remove_suffix(1);
    return last;
  }
  std::uint64_t number(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | byte();
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Sizes of pieces, as sockets give them: many small ones and some large ones. The seed 0 stands
/// for one piece, 1 for single bytes, as long as that takes no time.
class piece_sizes {
 public:
  explicit piece_sizes(std::uint8_t seed) : seed_(seed), state_(seed * 0x9e3779b97f4a7c15U + 1) {}

  std::size_t next() {
    if (seed_ == 0) return std::string_view::npos;
    if (seed_ == 1) return ++pieces_ < most_single_bytes ? 1 : std::string_view::npos;
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    const auto reach = std::size_t{1} << (state_ >> 8) % 12;
    return 1 + (state_ >> 32) % reach;
  }

 private:
  static constexpr int most_single_bytes = 2'000;

  std::uint8_t seed_;
  int pieces_ = 0;
  std::uint64_t state_;
};

/// Calls `take` with `bytes` in pieces, while it returns true.
template <class Take>
void in_pieces(std::string_view bytes, std::uint8_t seed, Take take) {
  piece_sizes sizes(seed);
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, sizes.next());
    bytes.remove_prefix(piece.size());
    if (!take(piece)) return;
  }
}

}  // namespace spillway::fuzz
