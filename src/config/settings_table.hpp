// Every key of the configuration, once: the loader, the effective configuration, the shipped file
// and the reference page are all made from this table.
#pragma once

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "config/settings.hpp"

namespace YAML {
class Node;
}

namespace spillway::config {

/// A value that its key does not allow.
struct bad_value {
  /// What stands there, for an error message: `"abc"`, `a list`.
  std::string found;
  /// Counted from 1.
  int line = 0;
};

struct setting {
  /// Dotted where it stands in a section: `docker.host`.
  std::string key;
  /// Goes on from "KEY must be": `a duration from 0s to 1h`.
  std::string allowed;
  /// One sentence, also about the default where the default alone does not say it.
  std::string meaning;
  std::function<tl::expected<void, bad_value>(settings&, const YAML::Node&)> read;
  /// The value as YAML on one line.
  std::function<std::string(const settings&)> print;

  /// `docker` of `docker.host`; empty for a key outside of sections.
  std::string section() const;
  /// `host` of `docker.host`.
  std::string name() const;
};

/// In the order of the shipped file; the keys of a section stand together. Context: any thread.
const std::vector<setting>& settings_table();

}  // namespace spillway::config
