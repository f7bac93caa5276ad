// The registries that the simulated host can pull from.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace spillway::sim {

struct registry_image {
  /// `library/busybox`
  std::string repository;
  std::string digest;
  /// Twelve digits each.
  std::vector<std::string> layers;
};

/// Docker Hub has every image, but for names that begin with `no-such`, and tags that do.
/// Registries of a host of their own do not answer. Otherwise what Docker says.
tl::expected<registry_image, std::string> registry_answer(const std::string& image);

}  // namespace spillway::sim
