#include "client/frame_text.hpp"

namespace spillway::client {
namespace {

constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view cyan = "\x1b[36m";
constexpr std::string_view plain = "\x1b[0m";

/// `2026-04-17T10:14:32.118000000Z` with three digits of its fraction.
std::string to_milliseconds(const std::string& timestamp) {
  const auto point = timestamp.find('.');
  if (point == std::string::npos || point + 4 >= timestamp.size()) return timestamp;
  const auto end = timestamp.find_first_not_of("0123456789", point + 1);
  if (end == std::string::npos || end <= point + 4) return timestamp;
  return timestamp.substr(0, point + 4) + timestamp.substr(end);
}

/// Makes the line of one frame; one function a kind.
class line_maker {
 public:
  line_maker(std::string_view raw, const line_style& style, deploy_duration took)
      : raw_(raw), style_(style), took_(took) {}

  std::string operator()(const log_line& line) const {
    const bool is_error = line.stream == "stderr";
    const auto text = safe(line.text);
    return time(line.ts) + (is_error && !coloured() ? "! " : "") +
           (is_error ? in(red, text) : text);
  }
  std::string operator()(const skip_notice& notice) const {
    return (notice.ts.empty() ? "" : time(notice.ts)) + in(yellow, safe(notice.text));
  }
  std::string operator()(const process_line& line) const { return safe(line.text); }
  std::string operator()(const deploy_line& line) const {
    const bool is_notice = line.output.starts_with("[spillway] ");
    return in(cyan, "[" + safe(line.action) + "]") + " " +
           (is_notice ? in(yellow, safe(line.output)) : safe(line.output));
  }
  std::string operator()(const deploy_end& end) const {
    const auto colour = end.status == "success" ? green : end.status == "cancelled" ? yellow : red;
    std::string text =
        "deploy " + safe(end.status) + ", exit code " + std::to_string(end.exit_code);
    if (took_) text += ", " + short_duration(*took_);
    return in(colour, text);
  }
  std::string operator()(const no_deploy&) const { return "no deploy is running"; }
  std::string operator()(const error_frame&) const { return ""; }
  std::string operator()(const unknown_frame&) const { return safe(raw_); }

 private:
  bool coloured() const { return style_.colour == colours::kept; }
  std::string safe(std::string_view text) const { return terminal_text(text, style_.colour); }
  std::string in(std::string_view colour, const std::string& text) const {
    if (!coloured()) return text;
    return std::string(colour).append(text).append(plain);
  }
  std::string time(const std::string& at) const {
    if (!style_.timestamps || at.empty()) return "";
    return in(dim, safe(style_.short_timestamps ? to_milliseconds(at) : at)) + " ";
  }

  const std::string_view raw_;
  const line_style& style_;
  const deploy_duration took_;
};

}  // namespace

std::string frame_text(const frame& shown, std::string_view raw, const line_style& style,
                       deploy_duration took) {
  if (std::holds_alternative<error_frame>(shown)) return "";
  return std::visit(line_maker(raw, style, took), shown) + '\n';
}

std::string short_duration(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds < 1) return std::to_string(duration.count()) + "ms";
  if (seconds < 60) return std::to_string(seconds) + "s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + "m " + std::to_string(seconds % 60) + "s";
  return std::to_string(seconds / 3600) + "h " + std::to_string(seconds / 60 % 60) + "m";
}

}  // namespace spillway::client
