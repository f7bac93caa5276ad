#include "actors/container_choice.hpp"

#include <tuple>

namespace spillway::actors {

std::optional<container_info> choose_container(const std::vector<container_info>& containers,
                                               std::string_view service,
                                               std::optional<std::uint32_t> replica) {
  const container_info* best = nullptr;
  const auto rank = [](const container_info& c) {
    return std::tuple(c.state == "running" ? 0 : 1, c.replica);
  };
  for (const auto& c : containers) {
    if (c.service != service || (replica && c.replica != *replica)) continue;
    if (!best || rank(c) < rank(*best)) best = &c;
  }
  return best ? std::optional(*best) : std::nullopt;
}

}  // namespace spillway::actors
