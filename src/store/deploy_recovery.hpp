// What a crash of the server left behind is brought to an end.
#pragma once

#include "actors/ports/deploy_journal.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"
#include "store/transcript_archive.hpp"

namespace spillway::store {

/// Brings the transcript of a run that nobody drives any more to its end: a torn last line is cut
/// off, and where the final frame is missing, a frame that says what happened and the final frame
/// (failed, exit code -1) are appended. Returns the record as it ended: as the final frame says
/// where the run had come that far, else failed at `now`.
result<actors::deploy_record> close_abandoned_run(const transcript_archive& transcripts,
                                                  actors::deploy_record record,
                                                  protocol::timestamp now);

}  // namespace spillway::store
