// A frame of the server as its JSON stands, held to the letter of the reference.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/viewers/behaviour.hpp"

namespace spillway::sim {

enum class frame_shape : std::uint8_t {
  /// Not JSON, or fields that are missing, too many, of the wrong type or in the wrong order.
  broken,
  log_line,
  skip_notice,
  deploy_line,
  deploy_end,
  no_deploy,
  process_line,
  error
};

struct seen_frame {
  frame_shape shape = frame_shape::broken;
  /// The line, the output, the error's sentence; of a broken frame: what is wrong with it.
  std::string text;
  /// `ts` or `timestamp`.
  std::string at;
  std::string action;
  std::string status;
  std::uint64_t skipped = 0;
  std::int64_t exit_code = 0;
};

/// Reads frames into the same storage, one after the other. Context: one thread.
class frame_reader {
 public:
  /// Good until the next call.
  const seen_frame& read(std::string_view json, stream_kind kind);

 private:
  seen_frame frame_;
};

}  // namespace spillway::sim
