// Docker's side of a log: from lines to the bytes that the engine sends for them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/docker_log_parser.hpp"

namespace spillway::fuzz {

struct written_line {
  protocol::timestamp at;
  protocol::output_stream stream = protocol::output_stream::standard_output;
  std::string text;
  bool operator==(const written_line&) const = default;
};

struct written_log {
  std::string bytes;
  std::vector<written_line> lines;
  std::uint64_t entries = 0;
};

/// Some lines, as `choices` has it, three bytes each: the stream and how the time is written, how
/// long, of which characters. Those of both streams may be in pieces that alternate.
written_log write_docker_log(protocol::log_framing framing, std::string_view choices);

}  // namespace spillway::fuzz
