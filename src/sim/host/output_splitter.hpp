// From what a process writes to the entries that Docker makes of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/host/log_clock.hpp"
#include "sim/host/log_store.hpp"

namespace spillway::sim {

/// What becomes of bytes that are no UTF-8: nothing (as Docker's `local` driver keeps them), or
/// each becomes U+FFFD (as its json-file driver writes them).
enum class output_bytes { as_they_are, repaired };

/// Docker reads a container's output into 16 KiB: a line that fills them goes as an entry without a
/// newline, its rest as further ones, all with the time of the first
/// (moby/daemon/logger/copier.go). Context: one owner.
class output_splitter {
 public:
  static constexpr std::size_t entry_bytes = 16 * 1024;

  explicit output_splitter(output_kind from, output_bytes bytes = output_bytes::as_they_are)
      : from_(from), bytes_(bytes) {}

  /// Appends to `log` the entries that are complete with these bytes.
  void feed(std::string_view bytes, log_clock& clock, log_store& log);
  /// The output has ended: what is left of a line is an entry of its own.
  void finish(log_clock& clock, log_store& log);

 private:
  void append(std::string_view text, log_clock& clock, log_store& log, bool last);

  output_kind from_;
  output_bytes bytes_;
  std::string pending_;
  /// Of a line whose beginning is an entry already.
  std::optional<protocol::timestamp> begun_at_;
};

}  // namespace spillway::sim
