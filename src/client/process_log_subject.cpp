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
  if (!std::holds_alternative<skip_notice>(came.parsed))
    return as_frames(position_.take(std::move(came.raw)));
  // The notice is no line of the ring, and what comes after it does not follow what was had.
  auto fresh = as_frames(position_.give_up());
  position_.note_gap();
  fresh.push_back(std::move(came));
  return fresh;
}

std::vector<shown_frame> process_log_subject::give_up() {
  return as_frames(position_.give_up());
}

}  // namespace spillway::client
