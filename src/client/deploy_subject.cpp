#include "client/deploy_subject.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace spillway::client {
namespace {

std::string end_was_missed(const std::string& app) {
  return "the end of the deploy was missed: see how the app is doing with `spillway logs " + app +
         "`";
}

}  // namespace

std::string deploy_subject::target() const {
  const auto live = "/api/apps/" + in_target(app_) + "/deploy-logs";
  return id_.empty() ? live : live + "?deploy=" + in_target(id_);
}

std::vector<shown_frame> deploy_subject::take(shown_frame came) {
  std::vector<shown_frame> fresh;
  if (const auto* line = std::get_if<deploy_line>(&came.parsed)) {
    if (!began_) begun_at_ = protocol::parse_rfc3339(line->timestamp);
    began_ = true;
    if (!position_.take(came.raw)) return fresh;
  } else if (const auto* last = std::get_if<deploy_end>(&came.parsed)) {
    // Never skipped: it is had once only, since nothing is asked for after it.
    end_ = subject_end{last->status == "success"};
    const auto ended_at = protocol::parse_rfc3339(last->timestamp);
    if (begun_at_ && ended_at && *ended_at >= *begun_at_)
      came.took = std::chrono::duration_cast<std::chrono::milliseconds>(*ended_at - *begun_at_);
  } else if (std::holds_alternative<no_deploy>(came.parsed)) {
    end_ = began_ ? subject_end{false, end_was_missed(app_)} : subject_end{};
    if (began_) return fresh;
  }
  fresh.push_back(std::move(came));
  return fresh;
}

subject_end deploy_subject::closed(const std::string&) const {
  return {false, end_was_missed(app_)};
}

std::string newest_deploy_id(const std::string& events) {
  const auto list = nlohmann::json::parse(events, nullptr, false);
  if (!list.is_array() || list.empty() || !list.front().is_object()) return "";
  const auto id = list.front().find("id");
  return id != list.front().end() && id->is_string() ? id->get<std::string>() : "";
}

}  // namespace spillway::client
