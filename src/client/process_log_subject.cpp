#include "client/process_log_subject.hpp"

#include <iterator>
#include <utility>

namespace spillway::client {
namespace {

std::vector<shown_frame> as_frames(std::vector<std::string> raw) {
  std::vector<shown_frame> made;
  for (auto& text : raw) {
    auto parsed = parse_frame(text);
    made.push_back({std::move(text), std::move(parsed)});
  }
  return made;
}

}  // namespace

std::vector<shown_frame> process_log_subject::take(shown_frame came) {
  const auto* notice = std::get_if<skip_notice>(&came.parsed);
  if (notice == nullptr) return as_frames(position_.take(std::move(came.raw)));
  // It is no line of the ring, but stands for so many of them.
  auto fresh = as_frames(position_.give_up());
  position_.note_gap(notice->skipped);
  fresh.push_back(std::move(came));
  return fresh;
}

std::vector<shown_frame> process_log_subject::give_up() {
  return as_frames(position_.give_up());
}

}  // namespace spillway::client
