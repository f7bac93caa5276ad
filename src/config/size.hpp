// Sizes in bytes as the configuration writes them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::config {

/// Parses `4096B`, `16KiB`, `4MiB`, `1GiB`. A number without a unit, a sign, a fraction or more
/// than 64 bits is nothing.
std::optional<std::size_t> parse_size(std::string_view text);

/// The same size in the largest unit that divides it: `4MiB`, `1500B`.
std::string format_size(std::size_t bytes);

}  // namespace spillway::config
