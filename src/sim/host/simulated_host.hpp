// A simulated host that runs.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sim/host/host_options.hpp"

namespace spillway::sim {

/// Context: one thread, none of its own.
class simulated_host {
 public:
  /// Throws where a folder or a file that it needs cannot be made.
  simulated_host(const host_options& options, std::uint64_t seed);
  /// Calls stop() if nobody has.
  ~simulated_host();
  simulated_host(const simulated_host&) = delete;
  simulated_host& operator=(const simulated_host&) = delete;

  /// Listens, and starts containers and faults. A sentence where it cannot.
  std::optional<std::string> start();

  /// Whether scripts have namespaces and a root of their own.
  bool keeps_scripts_apart() const;
  /// What every container and deploy printed: as `GET /sim/containers` tells.
  nlohmann::ordered_json truth() const;
  /// Faults that struck, by name.
  nlohmann::ordered_json faults() const;

  /// Ends every container and process, and removes the socket. False where that takes too long.
  bool stop();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace spillway::sim
