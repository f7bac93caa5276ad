// One run of compose for an app: its frames, its record, its end.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/audience.hpp"
#include "actors/dependencies.hpp"
#include "actors/gateway.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

/// The transcript of a run as viewers get it, and its record:
///
///   going on --close()--> closed, the journal gets the last of it --show_end()--> over
///
/// The newest `deploy.transcript_lines` frames are in memory, all are in the journal. Destroyed
/// while it goes on, it ends as failed: the process group dies with it and the record says so.
/// Context: the deploy broker.
class deploy_run {
 public:
  deploy_run(const dependencies& deps, run_request request, std::string id,
             audience::owner_handle owner, audience::behind_handler on_behind);
  ~deploy_run();
  deploy_run(const deploy_run&) = delete;
  deploy_run& operator=(const deploy_run&) = delete;

  const std::string& id() const { return record_.id; }
  const deploy_record& record() const { return record_; }
  const run_request& request() const { return request_; }
  const std::string& action() const { return action_; }
  audience& viewers() { return viewers_; }
  const audience& viewers() const { return viewers_; }
  /// Its record and its transcript are complete, but for the journal to take them.
  bool closed() const { return record_.status != "running"; }
  /// Viewers know that, too.
  bool over() const { return viewers_.sealed(); }

  /// The steps still to be run, in order.
  bool has_next_step() const { return next_step_ < request_.steps.size(); }
  const run_step& begin_next_step();

  /// A line of output becomes a frame for every viewer and for the transcript.
  void say(std::string_view output);
  /// Completes the record, and the transcript by its last frame, which viewers do not get yet.
  void close(std::string_view status, int exit_code);
  /// Viewers get the last frame and the end.
  void show_end();

  /// What the request wants to be told once the end is recorded; only the first call gets it.
  std::function<void(bool succeeded)> take_then() { return std::exchange(request_.then, nullptr); }

  /// What was said and is not in the journal yet; empties it.
  std::string take_unrecorded() { return std::exchange(unrecorded_, {}); }
  bool has_unrecorded() const { return !unrecorded_.empty(); }
  /// The journal does not take any more: nothing of what is said counts as unrecorded from here on.
  /// Returns whether that is new.
  bool stop_recording() {
    unrecorded_.clear();
    return std::exchange(recorded_, false);
  }

  /// The place in the transcript of a frame, or of one shortly before it.
  struct place {
    std::uint64_t offset;
    sequence frame;
  };
  place find(sequence frame) const;

  std::unique_ptr<compose_process> process;
  bool cancelled = false;
  /// Ended by the server's own end.
  bool interrupted = false;

 private:
  /// One offset is kept for this many frames.
  static constexpr sequence checkpoint_distance = 256;

  void record_frame();

  const dependencies& deps_;
  run_request request_;
  deploy_record record_;
  std::size_t next_step_ = 0;
  std::string action_;
  audience viewers_;
  /// The newest frame's payload.
  std::string scratch_;
  std::string unrecorded_;
  bool recorded_ = true;
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> checkpoints_;
};

}  // namespace spillway::actors
