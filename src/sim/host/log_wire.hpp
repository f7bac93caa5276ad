// The log of a container as the Engine writes it into an answer.
#pragma once

#include <string>
#include <string_view>

#include "sim/host/log_store.hpp"

namespace spillway::sim {

/// How entries are told apart: not at all (a container with a terminal), or each behind a header of
/// eight bytes: its stream, three zeros, and its length as a big-endian number.
enum class log_form { raw, multiplexed };

/// A piece of a body of `Transfer-Encoding: chunked`.
void append_chunk(std::string& out, std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// Appends an entry as a chunk of its own, as the Engine flushes each; with its time in front where
/// asked for.
void append_log_chunk(std::string& out, const log_entry& entry, log_form form, bool timestamps);

}  // namespace spillway::sim
