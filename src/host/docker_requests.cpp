#include "host/docker_requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace spillway::host {
namespace {

/// Percent-encoding of everything but RFC 3986's unreserved characters.
std::string encoded_query_value(std::string_view value) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (char c : value) {
    if (unreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// Unix time as `seconds.nanoseconds`; the engine knows nothing before 1970.
std::string unix_time(protocol::timestamp at) {
  auto ticks = std::max<std::int64_t>(0, at.time_since_epoch().count());
  return fmt::format("{}.{:09}", ticks / 1'000'000'000, ticks % 1'000'000'000);
}

}  // namespace

bool is_container_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string list_target(std::string_view project) {
  std::string label = "com.docker.compose.project";
  if (!project.empty()) label.append("=").append(project);
  nlohmann::json filters;
  filters["label"].push_back(std::move(label));
  // `replace`: a name that is not UTF-8 finds nothing, and must not throw.
  std::string text = filters.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return "/containers/json?all=1&filters=" + encoded_query_value(text);
}

std::string inspect_target(std::string_view id) {
  return fmt::format("/containers/{}/json", id);
}

std::string logs_target(std::string_view id, const actors::log_query& query) {
  std::string target =
      fmt::format("/containers/{}/logs?stdout=1&stderr=1&timestamps=1&follow={}&tail={}", id,
                  query.follow ? 1 : 0, query.tail ? std::to_string(*query.tail) : "all");
  if (query.since) target += "&since=" + unix_time(*query.since);
  if (query.until) target += "&until=" + unix_time(*query.until);
  return target;
}

}  // namespace spillway::host
