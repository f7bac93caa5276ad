// The last frame of a transcript, and what stands in for one that is missing.
#pragma once

#include <string>
#include <string_view>

#include "actors/ports/deploy_journal.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"
#include "store/transcript_file.hpp"

namespace spillway::store {

/// The last frame of a transcript, as far as it can be read.
struct last_frame {
  std::string action;
  /// Whether it is the one that ends a deploy; else what follows counts for nothing.
  bool final = false;
  std::string status;
  int exit_code = -1;
  std::optional<protocol::timestamp> at;
};
last_frame parse_last_frame(const std::string& line);

/// A frame that says `why`, and the final frame of the record, a newline after each.
std::string closing_frames(const actors::deploy_record& record, const last_frame& last,
                           std::string_view why);

/// For a deploy that has ended: what its transcript lacks at its end, where the disk did not take
/// all of it; empty for a whole one. Context: as the file.
result<std::string> missing_end(const transcript_file& file, const actors::deploy_record& record);

}  // namespace spillway::store
