// What a modelled container prints as time passes, and what faults make of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/host/container_log.hpp"
#include "sim/host/fault.hpp"
#include "sim/host/line_generator.hpp"

namespace spillway::sim {

/// Context: the container's actor.
class modelled_output {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How it goes on after a turn.
  struct pause {
    /// The next line is due then; nothing: when there is room again, or never.
    std::optional<time_point> until;
    /// It has printed its last line.
    bool ended = false;
  };

  modelled_output(const printing_model& model, std::uint64_t seed, std::uint32_t life, bool tty);

  void start(time_point now) { origin_ = now - ran_; }
  void stop(time_point now) { ran_ = now - origin_; }

  /// Prints what is due, so many lines at most, while the log has room.
  pause run(time_point now, container_log& log);

  /// Faults, from their beginning.
  void flood(std::uint64_t lines) { flood_ += lines; }
  void giant(std::uint64_t bytes) { giant_ = bytes; }
  void odd_bytes_until(time_point end) { odd_bytes_until_ = end; }
  void escapes_until(time_point end) { escapes_until_ = end; }

  std::uint64_t printed() const { return printed_; }

 private:
  void begin_line();
  void spoil(time_point now);
  void end_line(output_kind to, container_log& log);
  void print_giant(container_log& log);

  printing_model model_;
  line_generator lines_;
  draws spoils_;
  std::uint32_t life_;
  bool tty_;
  time_point origin_{};
  std::chrono::nanoseconds ran_{};
  std::uint64_t printed_ = 0;
  std::uint64_t flood_ = 0;
  /// Bytes that are still to be printed of a line.
  std::uint64_t giant_ = 0;
  bool giant_begun_ = false;
  time_point odd_bytes_until_{};
  time_point escapes_until_{};
  std::string line_;
};

}  // namespace spillway::sim
