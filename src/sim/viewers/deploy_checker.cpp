#include "sim/viewers/deploy_checker.hpp"

#include <fmt/format.h>

#include <utility>

#include "sim/seed.hpp"

namespace spillway::sim {

std::optional<flaw> deploy_checker::on_frame(const seen_frame& frame, std::string_view raw) {
  if (over()) {
    return flaw{flaw_kind::late_frame, "a frame came after the last one: " + std::string(raw)};
  }
  if (frame.shape == frame_shape::no_deploy) {
    none_ = true;
    if (frames_ == 0) return {};
    return flaw{flaw_kind::late_frame, "a deploy that had begun was said not to be there"};
  }
  ++frames_;
  digest_ = seed_of(digest_, raw);
  if (frame.shape == frame_shape::deploy_end) {
    last_ = raw;
    return check_end(frame);
  }
  // Of one form and in UTC, so that texts compare like times.
  if (frame.at < newest_at_) {
    return flaw{flaw_kind::out_of_order,
                fmt::format("a frame of {} came after one of {}", frame.at, newest_at_)};
  }
  newest_at_ = frame.at;
  return check_number(frame.text);
}

std::optional<flaw> deploy_checker::check_end(const seen_frame& frame) {
  ended_ = true;
  status_ = frame.status;
  // One that was cancelled ends with whatever compose made of that.
  const bool fits = status_ == "cancelled" || (status_ == "success" && frame.exit_code == 0) ||
                    (status_ == "failed" && frame.exit_code != 0);
  if (fits) return {};
  return flaw{flaw_kind::bad_frame,
              fmt::format("a deploy ended as '{}' with exit code {}", status_, frame.exit_code)};
}

/// What a simulated compose prints is numbered.
std::optional<flaw> deploy_checker::check_number(const std::string& output) {
  const auto head = parse_head(output);
  if (!head) return {};
  const auto before = std::exchange(last_numbered_, head);
  if (!before && head->number != 1) {
    return flaw{flaw_kind::gap,
                fmt::format("a deploy began with its line #{}.{}", head->life, head->number)};
  }
  if (!before || head->life != before->life || head->number == before->number + 1) return {};
  return flaw{head->number > before->number ? flaw_kind::gap : flaw_kind::out_of_order,
              fmt::format("deploy line #{}.{} came after #{}.{}", head->life, head->number,
                          before->life, before->number)};
}

}  // namespace spillway::sim
