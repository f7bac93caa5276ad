// What a request to the Engine API asks for.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace spillway::sim {

/// The API that the simulated Engine speaks, as Docker 20.10 does.
inline constexpr std::string_view api_version = "1.41";
inline constexpr std::string_view oldest_api_version = "1.12";

/// An answer that is no success: its status and what stands in `{"message": …}`.
struct api_error {
  unsigned status = 500;
  std::string message;
};
template <class T>
using api_result = tl::expected<T, api_error>;

/// The words of a path without its `/v1.41`, and the parameters of its query, all decoded. Of a
/// parameter that is given twice the first counts, as in the Engine.
struct api_target {
  std::vector<std::string> path;
  std::map<std::string, std::string, std::less<>> parameters;

  std::string parameter(std::string_view name) const;
  /// As Docker reads a flag: everything but nothing, `0`, `no`, `false` and `none` is true.
  bool flag(std::string_view name) const;
};

/// Refuses versions that this Engine does not speak, in Docker's words.
api_result<api_target> parse_api_target(std::string_view target);

}  // namespace spillway::sim
