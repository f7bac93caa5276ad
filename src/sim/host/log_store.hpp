// What a container has printed, as far as it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/timestamp.hpp"

namespace spillway::sim {

/// As Docker numbers them in the header of a log frame.
enum class output_kind : std::uint8_t { standard_output = 1, standard_error = 2 };

/// An entry as Docker's json-file driver writes one: a line, or up to 16 KiB of a longer one.
struct log_entry {
  protocol::timestamp at;
  output_kind from = output_kind::standard_output;
  /// Ends in a newline, unless more of the line follows or the container ended within it.
  std::string_view text;
};

/// Entries in the order they came, numbered from 0; the oldest go when there are too many bytes.
/// They lie encoded in blocks, so that a million short lines cost little more than their text.
/// Context: one owner.
class log_store {
 public:
  /// A position between entries. It stays good while entries come and go.
  struct cursor {
    std::uint64_t at = 0;
    /// Where that is: the number of a block's first entry, and bytes from its beginning.
    std::uint64_t block = 0;
    std::size_t offset = 0;
  };

  explicit log_store(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void append(const log_entry& entry);

  std::uint64_t first() const { return blocks_.empty() ? end_ : blocks_.front().first; }
  std::uint64_t end() const { return end_; }
  std::size_t bytes() const { return bytes_; }

  /// Before entry `number`, or the oldest one where that is gone.
  cursor position(std::uint64_t number) const;
  /// The entry after `where`, which moves past it; nothing at the end. The text is good until the
  /// next append.
  std::optional<log_entry> next(cursor& where) const;

  /// Whether the next append may drop entry `number` or a later one.
  bool needs_room_of(std::uint64_t number) const;

 private:
  struct block {
    std::uint64_t first = 0;
    std::string bytes;
  };

  std::size_t max_bytes_;
  std::deque<block> blocks_;
  std::uint64_t end_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace spillway::sim
