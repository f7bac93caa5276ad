// The images of a simulated host: names alone.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "protocol/timestamp.hpp"
#include "sim/host/api_target.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

/// `busybox` is `busybox:latest`.
std::string full_image_name(const std::string& name);

/// Context: one owner.
class image_store {
 public:
  explicit image_store(std::uint64_t seed) : seed_(seed) {}

  void add(const std::string& name);
  bool contains(const std::string& name) const;
  /// `sha256:…` of an image that is there.
  std::string id_of(const std::string& name) const;
  /// What `DELETE /images/{name}` answers.
  api_result<nlohmann::ordered_json> remove(const std::string& name);
  /// What `GET /images/json` answers.
  nlohmann::ordered_json list() const;

 private:
  std::uint64_t seed_;
  std::map<std::string, protocol::timestamp> images_;
};

/// 64 hexadecimal digits.
std::string hexadecimal_id(draws& from);

}  // namespace spillway::sim
