// A compose file, as the compose stand-in understands it.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace spillway::sim {

struct compose_service {
  std::string name;
  std::string image;
  /// The folder that it is built from; empty: it is not.
  std::string build_context;
  std::string dockerfile = "Dockerfile";
  std::optional<unsigned> replicas;
  std::vector<std::string> depends_on;
  /// `none`, `host`, …; empty: the project's network.
  std::string network_mode;
  /// The body of the request that makes its container, without labels.
  nlohmann::ordered_json container;
  /// Of all of it: another one means that a container is made anew.
  std::string hash;
};

/// What `x-sim` at the top of a file says about `up`.
struct deploy_model {
  /// Numbered lines that it prints; nothing: as the host says.
  std::optional<std::uint64_t> lines;
  /// The exit code that it ends with after them.
  std::optional<int> fails;
  std::optional<double> seconds;
};

struct compose_file {
  std::vector<compose_service> services;
  deploy_model deploys;
  /// What stands in it, with values put in: for `config`.
  nlohmann::ordered_json content;
  std::vector<std::string> warnings;

  bool needs_network() const;
};

using variables = std::map<std::string, std::string>;

/// `path` is how messages call it. What is wrong comes in compose's words.
tl::expected<compose_file, std::string> parse_compose_file(const std::string& text,
                                                           const std::string& path,
                                                           const variables& values);

/// `${NAME}`, `$NAME`, `${NAME:-otherwise}`, `${NAME-otherwise}`, `${NAME:?needed}` and `$$`.
tl::expected<std::string, std::string> with_values(const std::string& text, const variables& values,
                                                   std::vector<std::string>& warnings);

/// Lines `NAME=value` of an `.env` file.
variables parse_env_file(const std::string& text);

/// `a 'b c' "d"`: as a shell splits words.
std::vector<std::string> shell_words(const std::string& text);

}  // namespace spillway::sim
