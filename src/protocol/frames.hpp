// The JSON of every frame that the three streams send, in the field order of the reference. Each
// function appends one JSON text; output bytes that are not UTF-8 become U+FFFD.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/log_line.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::protocol {

/// `text` as a JSON string with its quotes. Escapes what RFC 8259 section 7 demands and nothing
/// else.
void append_json_string(std::string& out, std::string_view text);

/// `{"timestamp": …, "action": …, "output": …, "done": false}`
void append_deploy_frame(std::string& out, timestamp at, std::string_view action,
                         std::string_view output);

/// The last frame of a deploy: empty output, done, and how it ended.
void append_deploy_final_frame(std::string& out, timestamp at, std::string_view action,
                               std::string_view status, int exit_code);

/// `{"done": true, "action": "none"}`: nothing runs and nothing starts.
void append_no_deploy_frame(std::string& out);

/// `{"ts": …, "stream": …, "line": …}`
void append_log_frame(std::string& out, const log_line& line);

/// The notice in place of `count` lines that a slow viewer missed, stamped like its neighbours.
void append_log_skip_frame(std::string& out, timestamp at, std::uint64_t count);

/// A line of the process log as a JSON string.
void append_process_log_frame(std::string& out, std::string_view line);
void append_process_log_skip_frame(std::string& out, timestamp at, std::uint64_t count);

/// `{"error": …}`
void append_error_frame(std::string& out, std::string_view message);

}  // namespace spillway::protocol
