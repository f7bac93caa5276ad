// How a modelled container prints.
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace spillway::sim {

/// How long lines are: `120`, `40..2000`, or `mixed` (nine of ten short, one of a hundred up to
/// 20 KiB).
struct length_model {
  std::uint64_t least = 80;
  std::uint64_t most = 200;
  bool mixed = false;
};

/// How lines lie in time: evenly, at random (as independent events do), or so many at once.
struct burst_model {
  enum class kind { even, random, bursts };
  kind how = kind::random;
  std::uint64_t lines = 1;
};

struct printing_model {
  /// Lines a second on average; 0: none.
  double lines_per_second = 1;
  length_model length;
  burst_model burst;
  /// Of the lines, how many go to standard error.
  double error_share = 0.1;
  /// After so many lines the container exits with `exit_code`.
  std::optional<std::uint64_t> exits_after;
  int exit_code = 0;
};

tl::expected<length_model, std::string> parse_length_model(std::string_view text);
tl::expected<burst_model, std::string> parse_burst_model(std::string_view text);

/// The members of a mapping `x-sim` over `usual`, or a sentence that names what is wrong.
tl::expected<printing_model, std::string> parse_printing_model(const nlohmann::json& given,
                                                               printing_model usual);
nlohmann::json to_json(const printing_model& model);

}  // namespace spillway::sim
