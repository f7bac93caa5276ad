// Apps that share a compose project with another one.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "protocol/names.hpp"

namespace spillway::app {

/// Context: any thread. Folders that were made by hand can differ in case and dots alone: then
/// their containers cannot be told apart, and who was granted one of them would see the other's
/// logs. So all of them are hidden, and the log says once which.
class shared_projects {
 public:
  explicit shared_projects(std::string project_prefix) : prefix_(std::move(project_prefix)) {}

  /// Takes in all apps that there are, in place of those before.
  void note(const std::set<protocol::slug>& apps);
  bool contains(const protocol::slug& app) const;

 private:
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::set<protocol::slug> hidden_;
  /// By project, as they were logged.
  std::map<std::string, std::vector<protocol::slug>> logged_;
};

}  // namespace spillway::app
