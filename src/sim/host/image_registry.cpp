#include "sim/host/image_registry.hpp"

#include "sim/host/image_store.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

namespace {

constexpr std::string_view missing = "no-such";

/// Docker's rule for what comes before the first slash.
bool is_registry(const std::string& word) {
  return word == "localhost" || word.find_first_of(".:") != std::string::npos;
}

bool is_reference(const std::string& image) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@";
  return !image.empty() && image.find_first_not_of(allowed) == std::string::npos &&
         !image.starts_with('/') && !image.ends_with('/') && !image.ends_with(':');
}

}  // namespace

tl::expected<registry_image, std::string> registry_answer(const std::string& image) {
  if (!is_reference(image)) return tl::unexpected<std::string>("invalid reference format");
  const std::string full = full_image_name(image);
  const auto slash = full.find('/');
  const std::string first = full.substr(0, slash);
  if (slash != std::string::npos && is_registry(first) && first != "docker.io") {
    return tl::unexpected("Get \"https://" + first + "/v2/\": dial tcp: lookup " +
                          first.substr(0, first.find(':')) + ": no such host");
  }
  const auto colon = full.rfind(':');
  std::string repository = full.substr(0, colon);
  const std::string tag = full.substr(colon + 1);
  const std::string last = repository.substr(repository.rfind('/') + 1);
  if (repository.starts_with(missing) || last.starts_with(missing)) {
    return tl::unexpected("pull access denied for " + repository +
                          ", repository does not exist or may require 'docker login': denied: "
                          "requested access to the resource is denied");
  }
  if (tag.starts_with(missing)) {
    return tl::unexpected("manifest for " + full +
                          " not found: manifest unknown: manifest unknown");
  }
  if (slash == std::string::npos) repository.insert(0, "library/");
  draws from(seed_of(0, "image " + full));
  registry_image found{repository, hexadecimal_id(from), {}};
  for (std::uint64_t i = 0, layers = 1 + from.below(6); i < layers; ++i) {
    found.layers.push_back(hexadecimal_id(from).substr(0, 12));
  }
  return found;
}

}  // namespace spillway::sim
