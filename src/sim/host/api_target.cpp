#include "sim/host/api_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

namespace spillway::sim {

namespace {

using version_number = std::pair<unsigned, unsigned>;

/// Of `1.41`.
std::optional<version_number> version_in(std::string_view word) {
  version_number number;
  const char* const end = word.data() + word.size();
  auto [dot, error] = std::from_chars(word.data(), end, number.first);
  if (error != std::errc() || dot == end || *dot != '.') return std::nullopt;
  const auto [stop, second_error] = std::from_chars(dot + 1, end, number.second);
  if (second_error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::optional<api_error> version_refusal(std::string_view asked) {
  const auto number = version_in(asked);
  if (number && *number > *version_in(api_version)) {
    return api_error{
        400, fmt::format("client version {} is too new. Maximum supported API version is {}", asked,
                         api_version)};
  }
  if (number && *number < *version_in(oldest_api_version)) {
    return api_error{400,
                     fmt::format("client version {} is too old. Minimum supported API version is "
                                 "{}, please upgrade your client to a newer version",
                                 asked, oldest_api_version)};
  }
  return std::nullopt;
}

}  // namespace

std::string api_target::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

bool api_target::flag(std::string_view name) const {
  const std::string value = lower_case(parameter(name));
  return !value.empty() && value != "0" && value != "no" && value != "false" && value != "none";
}

api_result<api_target> parse_api_target(std::string_view target) {
  const auto parsed = boost::urls::parse_origin_form({target.data(), target.size()});
  if (!parsed) return tl::unexpected(api_error{400, "malformed request target"});
  api_target asked;
  for (const auto& segment : parsed->segments()) asked.path.push_back(segment);
  for (const auto& each : parsed->params()) asked.parameters.try_emplace(each.key, each.value);
  if (!asked.path.empty() && asked.path.front().starts_with('v') &&
      version_in(std::string_view(asked.path.front()).substr(1))) {
    const std::string version = asked.path.front().substr(1);
    if (auto refused = version_refusal(version)) return tl::unexpected(std::move(*refused));
    asked.path.erase(asked.path.begin());
  }
  return asked;
}

}  // namespace spillway::sim
