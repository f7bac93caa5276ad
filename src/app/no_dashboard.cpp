// Stands in where the dashboard was not built.
#include "app/dashboard_files.hpp"

namespace spillway::app {

std::span<const net::static_file> dashboard_files() {
  return {};
}

}  // namespace spillway::app
