#include "sim/host/image_store.hpp"

#include <fmt/format.h>

#include "sim/host/log_clock.hpp"

namespace spillway::sim {

std::string hexadecimal_id(draws& from) {
  std::string id;
  for (int i = 0; i < 4; ++i) id += fmt::format("{:016x}", from.bits());
  return id;
}

std::string full_image_name(const std::string& name) {
  const auto slash = name.rfind('/');
  const bool tagged = name.find(':', slash == std::string::npos ? 0 : slash) != std::string::npos;
  return tagged || name.find('@') != std::string::npos ? name : name + ":latest";
}

void image_store::add(const std::string& name) {
  images_.try_emplace(full_image_name(name), wall_clock());
}

bool image_store::contains(const std::string& name) const {
  return images_.contains(full_image_name(name));
}

std::string image_store::id_of(const std::string& name) const {
  draws from(seed_of(seed_, "image " + full_image_name(name)));
  return "sha256:" + hexadecimal_id(from);
}

api_result<nlohmann::ordered_json> image_store::remove(const std::string& name) {
  const std::string full = full_image_name(name);
  if (images_.erase(full) == 0) {
    return tl::unexpected(api_error{404, "No such image: " + full});
  }
  return nlohmann::ordered_json::array({nlohmann::ordered_json{{"Untagged", full}}});
}

nlohmann::ordered_json image_store::list() const {
  auto all = nlohmann::ordered_json::array();
  for (const auto& [name, created] : images_) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(created);
    all.push_back({{"Containers", -1},
                   {"Created", seconds.time_since_epoch().count()},
                   {"Id", id_of(name)},
                   {"Labels", nullptr},
                   {"ParentId", ""},
                   {"RepoDigests", nullptr},
                   {"RepoTags", nlohmann::ordered_json::array({name})},
                   {"SharedSize", -1},
                   {"Size", 1'984'172},
                   {"VirtualSize", 1'984'172}});
  }
  return all;
}

}  // namespace spillway::sim
