// Frames of a recorded deploy for one viewer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/batch.hpp"
#include "actors/frame_ring.hpp"

namespace spillway::actors {

/// Where a viewer stands in a transcript that it reads from the journal. Context: the deploy
/// broker.
struct transcript_replay {
  std::string deploy_id;
  /// Of the next read, in bytes.
  std::uint64_t offset = 0;
  /// The frame at `offset`.
  sequence frame = 0;
  /// Frames before this one were had already.
  sequence wanted = 0;
  /// The run goes on (or has just ended): from the ring's first frame on the viewer joins it.
  bool follows_run = false;
  bool reading = false;
  /// The frame before `frame` was the last one of the deploy.
  bool had_final_frame = false;
};

/// Makes one batch of a transcript's part (whole frames, a newline after each), moving `at`
/// forward. Stops before `stop`. Nothing where no frame is left for the viewer.
batch_ptr frames_of(std::string_view part, transcript_replay& at, std::optional<sequence> stop);

}  // namespace spillway::actors
