// What a viewer saw that must not be.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::sim {

enum class flaw_kind : std::uint8_t {
  /// Lines are missing and nobody said so.
  gap,
  /// A line came twice.
  doubled,
  out_of_order,
  /// A notice of skipped lines does not account for what is missing.
  wrong_notice,
  /// A frame that is no JSON, or not in the form of the reference.
  bad_frame,
  /// A frame where none may come: after a deploy's last one.
  late_frame,
  /// A deploy was replayed to two viewers in two ways.
  replay_differs,
  /// The connection ended without a close frame, and nothing explains that.
  no_close_frame,
  /// A close code or reason that the situation does not allow.
  wrong_close,
  /// An upgrade or a request that was refused for no reason, or served where it must not be.
  wrong_answer,
  /// The server took too long to answer an upgrade, or to end what had to end.
  too_late,
  /// Access was taken away, and the stream went on for longer than two seconds.
  late_revocation,
  /// A viewer that reads has had nothing for long, while others of the same log got lines.
  starved,
  /// The simulation itself failed, so that something was not looked at.
  not_looked_at
};

inline constexpr std::array<std::string_view, 14> flaw_names{
    "gap",           "doubled",         "out of order",   "wrong skip notice", "bad frame",
    "late frame",    "replay differs",  "no close frame", "wrong close",       "wrong answer",
    "answered late", "late revocation", "starved",        "not looked at"};

constexpr std::string_view name_of(flaw_kind kind) {
  return flaw_names[static_cast<std::size_t>(kind)];
}

struct flaw {
  flaw_kind kind;
  /// A sentence with the numbers.
  std::string what;
};

}  // namespace spillway::sim
