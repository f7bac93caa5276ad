// The frames of the three streams as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace spillway::client {

/// `{"ts": …, "stream": …, "line": …}`
struct log_line {
  std::string ts;
  std::string stream;
  std::string text;
  bool operator==(const log_line&) const = default;
};

/// The notice in place of lines that this client was too slow for; `ts` is empty in the process
/// log, whose notices carry it in their text.
struct skip_notice {
  std::string ts;
  std::string text;
  /// How many lines.
  std::uint64_t skipped = 0;
  bool operator==(const skip_notice&) const = default;
};

struct process_line {
  std::string text;
  bool operator==(const process_line&) const = default;
};

struct deploy_line {
  std::string timestamp;
  std::string action;
  std::string output;
  bool operator==(const deploy_line&) const = default;
};

/// The final frame of a deploy.
struct deploy_end {
  std::string timestamp;
  std::string action;
  std::string status;
  std::int64_t exit_code = 0;
  bool operator==(const deploy_end&) const = default;
};

/// `{"done": true, "action": "none"}`
struct no_deploy {
  bool operator==(const no_deploy&) const = default;
};

struct error_frame {
  std::string sentence;
  bool operator==(const error_frame&) const = default;
};

/// Something that this client does not know.
struct unknown_frame {
  bool operator==(const unknown_frame&) const = default;
};

using frame = std::variant<log_line, skip_notice, process_line, deploy_line, deploy_end, no_deploy,
                           error_frame, unknown_frame>;

/// Reads a frame of any of the three streams. Context: any thread.
frame parse_frame(std::string_view text);

}  // namespace spillway::client
