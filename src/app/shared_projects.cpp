#include "app/shared_projects.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace spillway::app {
namespace {

std::string enumerate(const std::vector<protocol::slug>& apps) {
  std::string text;
  for (const protocol::slug& app : apps) text += (text.empty() ? "" : ", ") + app.text();
  return text;
}

}  // namespace

void shared_projects::note(const std::set<protocol::slug>& apps) {
  std::map<std::string, std::vector<protocol::slug>> shared;
  for (const protocol::slug& app : apps)
    shared[protocol::compose_project(prefix_, app)].push_back(app);
  std::erase_if(shared, [](const auto& each) { return each.second.size() < 2; });

  const std::lock_guard lock(mutex_);
  hidden_.clear();
  for (const auto& [project, sharing] : shared) {
    hidden_.insert(sharing.begin(), sharing.end());
    const auto before = logged_.find(project);
    if (before != logged_.end() && before->second == sharing) continue;
    spdlog::error(
        "[apps] {} share the compose project {}, so none of them is shown: give all but one of "
        "them names that differ in more than case and dots",
        enumerate(sharing), project);
  }
  logged_ = std::move(shared);
}

bool shared_projects::contains(const protocol::slug& app) const {
  const std::lock_guard lock(mutex_);
  return hidden_.contains(app);
}

}  // namespace spillway::app
