// The compose file of a deploy.
#pragma once

#include <iosfwd>
#include <string>
#include <tl/expected.hpp>

namespace spillway::client {

inline constexpr std::size_t max_compose_bytes = 1 << 20;

/// Reads the file, or `standard_input` where its name is `-`. The error is a sentence: it cannot be
/// read, is empty, or larger than a server takes. Context: any thread; blocks.
tl::expected<std::string, std::string> read_compose(const std::string& file,
                                                    std::istream& standard_input);

}  // namespace spillway::client
