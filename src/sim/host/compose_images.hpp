// What compose does about the images of a project.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "sim/host/compose_file.hpp"
#include "sim/host/compose_place.hpp"
#include "sim/host/compose_printer.hpp"
#include "sim/host/engine_client.hpp"

namespace spillway::sim {

/// The image that a service runs: its own, or what is built for it.
std::string image_of(const compose_place& place, const compose_service& service);

/// `services` of every action: those meant; none: all. Throws engine_unreachable. Context: one
/// thread; all that it is made of outlives it.
class compose_images {
 public:
  compose_images(const compose_place& place, const compose_file& file, const engine_client& engine,
                 compose_printer& printer)
      : place_(place), file_(file), engine_(engine), printer_(printer) {}

  /// Each returns the exit code.
  int pull(const std::set<std::string>& services);
  int build(const std::set<std::string>& services);
  /// What `up` needs and is not there; with `build_all`, all that can be built.
  bool provide(const std::set<std::string>& services, bool build_all);

 private:
  using failure = std::optional<std::string>;

  failure pull_image(const std::string& image, const std::function<void(std::string)>& progress);
  bool build_image(const compose_service& service);

  const compose_place& place_;
  const compose_file& file_;
  const engine_client& engine_;
  compose_printer& printer_;
};

}  // namespace spillway::sim
