// The figures of a run, and the table they make.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace spillway::bench {

/// What a figure is to reach; no bound where nothing is set.
struct target {
  std::optional<double> at_least;
  std::optional<double> at_most;
  /// Of the baseline's figure in the same run.
  std::optional<double> at_least_times_baseline;
  std::optional<double> at_most_times_baseline;
};

struct figure {
  std::string name;
  std::string unit;
  target wanted;
  /// One value a repetition.
  std::vector<double> server;
  std::vector<double> baseline;
  std::vector<std::string> notes;
};

enum class side : bool { server, baseline };

/// Collects values under their names; figures stand in the order of their first value. Context: one
/// thread.
class report {
 public:
  void add(const std::string& name, const std::string& unit, const target& wanted, side whose,
           double value);
  /// What the reader of a figure has to know; the same text stands there once.
  void note(const std::string& name, const std::string& text);

  std::string table() const;
  /// `{"figures": [{"name", "unit", "server": [..], "baseline": [..], "met", "notes": [..]}]}`
  std::string json() const;

 private:
  figure& find(const std::string& name);

  std::vector<figure> figures_;
};

}  // namespace spillway::bench
