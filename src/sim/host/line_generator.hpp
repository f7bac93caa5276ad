// The lines of a modelled container, drawn from its seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sim/host/log_store.hpp"
#include "sim/host/printing_model.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

/// What a container prints and when, the same for every run with the same seed: only the clock's
/// time in the heads differs. Context: one owner.
class line_generator {
 public:
  struct line {
    /// Since the container was made and ran.
    std::chrono::nanoseconds due{};
    /// With its head, without the newline.
    std::uint64_t bytes = 0;
    output_kind to = output_kind::standard_output;
  };

  line_generator(const printing_model& model, std::uint64_t seed);

  /// The next line; nothing where the model prints none.
  const line& next() const { return next_; }
  bool silent() const { return model_.lines_per_second <= 0; }
  /// Appends text to a line that begins with its head, up to `bytes` of it, and goes on to the
  /// next.
  void take(std::string& text);

  /// A line out of turn: it shares no draws with those that are planned.
  void fill(std::string& text, std::uint64_t bytes);

 private:
  void plan();
  static void append_text(std::string& text, std::uint64_t bytes, draws& from);

  printing_model model_;
  draws times_;
  draws texts_;
  draws extra_;
  line next_;
  std::uint64_t left_in_burst_ = 0;
};

}  // namespace spillway::sim
