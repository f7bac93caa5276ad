#include "client/log_subject.hpp"

#include <string_view>
#include <utility>

#include "protocol/timestamp.hpp"

namespace spillway::client {

std::string log_subject::target() const {
  std::string made = "/api/apps/" + in_target(query_.app) + "/logs";
  char separator = '?';
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    made.append(1, std::exchange(separator, '&')).append(name).append("=").append(in_target(value));
  };
  const auto since = position_.since();
  add("service", query_.service);
  add("tail", since ? "all" : query_.tail);
  add("since", since ? protocol::format_rfc3339_nano(*since) : query_.since);
  add("until", query_.until);
  add("replica", query_.replica);
  if (!query_.follow) add("follow", "false");
  return made;
}

bool log_subject::is_new(const frame& came) {
  if (std::holds_alternative<skip_notice>(came)) {
    position_.note_gap();
    return true;
  }
  const auto* line = std::get_if<log_line>(&came);
  const auto at = line ? protocol::parse_rfc3339(line->ts) : std::nullopt;
  return !at || position_.take(*at, line->stream, line->text);
}

std::vector<shown_frame> log_subject::take(shown_frame came) {
  std::vector<shown_frame> fresh;
  if (is_new(came.parsed)) fresh.push_back(std::move(came));
  return fresh;
}

subject_end log_subject::closed(const std::string& reason) const {
  return {true, reason == "container exited" ? "the container has exited" : ""};
}

}  // namespace spillway::client
