// Which container has which port of the host.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spillway::sim {

/// Nothing listens on them: they are there for the conflicts. Context: any thread.
class port_register {
 public:
  /// All of them, or none: then the one that another container has.
  std::optional<std::string> claim(const std::vector<std::string>& ports,
                                   const std::string& owner) {
    const std::lock_guard lock(mutex_);
    for (const std::string& port : ports) {
      const auto found = owners_.find(port);
      if (found != owners_.end() && found->second != owner) return port;
    }
    for (const std::string& port : ports) owners_[port] = owner;
    return std::nullopt;
  }
  void release(const std::string& owner) {
    const std::lock_guard lock(mutex_);
    std::erase_if(owners_, [&](const auto& each) { return each.second == owner; });
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> owners_;
};

}  // namespace spillway::sim
