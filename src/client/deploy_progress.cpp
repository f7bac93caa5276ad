#include "client/deploy_progress.hpp"

#include <array>
#include <string_view>

#include "client/frame_text.hpp"

namespace spillway::client {
namespace {

/// One column a character, for a line that must not wrap.
std::string ascii_only(std::string_view text) {
  std::string made;
  for (const char c : text)
    if (c >= ' ' && c <= '~') made += c;
  return made;
}

/// What follows `waiting for other deploys, ` in the notice of a deploy that waits.
std::string place_in(std::string_view output) {
  constexpr std::string_view notice = "[spillway] waiting for other deploys, ";
  return output.starts_with(notice) ? ascii_only(output.substr(notice.size())) : "";
}

}  // namespace

void deploy_progress::note(const frame& shown) {
  const auto* line = std::get_if<deploy_line>(&shown);
  if (!line) return;
  ++lines_;
  action_ = ascii_only(line->action);
  place_ = place_in(line->output);
}

std::string deploy_progress::text(clock::time_point now, std::size_t columns) const {
  constexpr std::string_view spinner = "|/-\\";
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun_);
  const auto turn = static_cast<std::size_t>(elapsed.count() / 250) % spinner.size();
  std::string made{spinner[turn]};
  made.append(" ").append(ascii_only(app_)).append(": ");
  made.append(!waiting_for_.empty() ? waiting_for_ : !place_.empty() ? place_ : action_);
  made.append(", ").append(std::to_string(lines_)).append(lines_ == 1 ? " line, " : " lines, ");
  made += short_duration(std::chrono::duration_cast<std::chrono::seconds>(elapsed));
  if (made.size() > columns) made.resize(columns);
  return made;
}

}  // namespace spillway::client
