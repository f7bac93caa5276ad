// What a compose file must be before it is written down.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace spillway::app {

inline constexpr std::size_t max_compose_bytes = 1 << 20;

/// Nothing, or a sentence with what is wrong: a compose file is at most 1 MiB of UTF-8 without NUL,
/// one YAML document, a map whose `services` is a map of at least one service, each a map. Whether
/// compose likes what the services say is left to compose. Never throws.
tl::expected<void, std::string> check_compose(std::string_view text);

}  // namespace spillway::app
