// What the progress line of a deploy says.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "client/frame.hpp"

namespace spillway::client {

/// Context: one thread.
class deploy_progress {
 public:
  using clock = std::chrono::steady_clock;

  explicit deploy_progress(std::string app, clock::time_point begun)
      : app_(std::move(app)), begun_(begun) {}

  /// A frame that is shown.
  void note(const frame& shown);
  /// What is waited for instead of frames: `connecting again`; empty: nothing.
  void waiting_for(std::string what) { waiting_for_ = std::move(what); }

  /// One line in ASCII, at most `columns` wide: `| shop: up, 12 lines, 8s`.
  std::string text(clock::time_point now, std::size_t columns) const;

 private:
  const std::string app_;
  const clock::time_point begun_;
  std::string action_ = "starting";
  /// `place 2 in line`; empty where the deploy does not wait.
  std::string place_;
  std::string waiting_for_;
  std::uint64_t lines_ = 0;
};

}  // namespace spillway::client
