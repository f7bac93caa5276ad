// Frames as lines for people.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "client/frame.hpp"
#include "client/terminal_text.hpp"

namespace spillway::client {

struct line_style {
  colours colour = colours::removed;
  /// Of log lines.
  bool timestamps = true;
  /// To the millisecond, for eyes; otherwise as they came.
  bool short_timestamps = false;
};

/// How long a deploy took, from its first frame on; nothing where that is not known.
using deploy_duration = std::optional<std::chrono::milliseconds>;

/// The line that shows a frame, with its line feed. Lines of standard error are red, or marked with
/// `!` where there are no colours; empty for an error frame, which is told elsewhere. `raw` is what
/// was parsed. Context: any thread.
std::string frame_text(const frame& shown, std::string_view raw, const line_style& style,
                       deploy_duration took = std::nullopt);

/// `800ms`, `12s`, `3m 5s`, `1h 2m`
std::string short_duration(std::chrono::milliseconds duration);

}  // namespace spillway::client
