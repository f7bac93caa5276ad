// What went wrong, and when, on record.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/host/fault.hpp"

namespace spillway::sim {

/// Counts faults, and writes each as a line of JSON where a file is given. Context: any thread.
class journal {
 public:
  /// Without a file where `path` is empty. Throws where it cannot be written.
  explicit journal(const std::filesystem::path& path = {});

  /// A fault that struck: what it struck, and what else is to be known.
  void note(const fault& what, const std::string& target, nlohmann::ordered_json detail = {});
  /// Something else that a report places in time: a container's start and end.
  void note_event(const std::string& event, nlohmann::ordered_json detail);

  std::uint64_t count(fault_kind kind) const;
  nlohmann::ordered_json counts() const;

 private:
  void write(nlohmann::ordered_json line);

  mutable std::mutex mutex_;
  std::ofstream file_;
  std::array<std::uint64_t, std::size(all_fault_kinds)> counts_{};
};

}  // namespace spillway::sim
