// When what goes wrong.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/host/fault.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

/// An entry of a schedule: a fault, and when: once, or again and again with a pause between two
/// bounds.
struct fault_entry {
  fault what;
  bool repeats = false;
  std::chrono::nanoseconds least{};
  std::chrono::nanoseconds most{};
};

/// `none`, `mild`, `hostile`, or the path of a YAML file; else a sentence that names the line.
tl::expected<std::vector<fault_entry>, std::string> load_faults(const std::string& preset_or_file);
/// `name` stands in what is said about mistakes.
tl::expected<std::vector<fault_entry>, std::string> parse_faults(const std::string& yaml,
                                                                 const std::string& name);
/// How such a file is written, for --help.
std::string fault_help();

/// The faults of a run in the order of their times: the same for the same seed. Context: one owner.
class fault_schedule {
 public:
  /// A speed of 2 halves every time between faults.
  fault_schedule(std::vector<fault_entry> entries, std::uint64_t seed, double speed = 1);

  /// The next fault; nothing where none is left.
  std::optional<fault> next();

 private:
  struct source {
    fault_entry entry;
    draws from;
    std::optional<fault> upcoming;
  };
  void plan(source& of, std::chrono::nanoseconds after);

  double speed_;
  std::vector<source> sources_;
};

}  // namespace spillway::sim
