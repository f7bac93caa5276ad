// The three kinds of stream.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "protocol/stream_request.hpp"

namespace spillway::actors {

enum class stream_kind : std::uint8_t { deploy, container, process };

inline constexpr std::array stream_kinds{stream_kind::deploy, stream_kind::container,
                                         stream_kind::process};

/// `deploy`, `container` or `process`.
std::string_view to_string(stream_kind kind);

/// Of an invalid request: the kind that its path names.
stream_kind kind_of(const protocol::stream_request& wanted);

}  // namespace spillway::actors
