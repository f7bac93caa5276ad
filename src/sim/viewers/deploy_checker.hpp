// Whether a deploy is told from its first line to its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/numbered_line.hpp"
#include "sim/viewers/flaw.hpp"
#include "sim/viewers/frame_reader.hpp"

namespace spillway::sim {

/// One connection of one viewer to deploy-logs. Context: one viewer.
class deploy_checker {
 public:
  /// `raw` is the frame as it came.
  std::optional<flaw> on_frame(const seen_frame& frame, std::string_view raw);

  /// A deploy's last frame, or the one that says there is none, has come.
  bool over() const { return ended_ || none_; }
  bool ended() const { return ended_; }
  bool none() const { return none_; }
  /// `success`, `failed` or `cancelled`; empty before the end.
  const std::string& status() const { return status_; }

  /// What tells this deploy from others: its last frame. And what all its frames amount to: of one
  /// deploy that is the same for every viewer.
  const std::string& last_frame() const { return last_; }
  std::uint64_t digest() const { return digest_; }
  std::uint64_t frames() const { return frames_; }

 private:
  std::optional<flaw> check_number(const std::string& output);
  std::optional<flaw> check_end(const seen_frame& frame);

  bool ended_ = false;
  bool none_ = false;
  std::string status_;
  std::string last_;
  std::string newest_at_;
  std::optional<numbered_line> last_numbered_;
  std::uint64_t digest_ = 0;
  std::uint64_t frames_ = 0;
};

}  // namespace spillway::sim
