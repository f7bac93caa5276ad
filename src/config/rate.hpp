// So many in so long: how often something may happen.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::config {

struct rate {
  std::uint32_t count = 0;
  std::chrono::milliseconds window{0};
};

/// `10/1m`, or with a word, which says what is counted, `5 failures/15m`; the word must be there if
/// one is given here. Counts from 1 to 1,000,000, windows from 1s to 24h.
std::optional<rate> parse_rate(std::string_view text, std::string_view word = {});
std::string format_rate(const rate& value, std::string_view word = {});

}  // namespace spillway::config
