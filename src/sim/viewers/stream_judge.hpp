// One viewer's eye on its stream.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

#include "sim/viewers/close_table.hpp"
#include "sim/viewers/deploy_checker.hpp"
#include "sim/viewers/frame_reader.hpp"
#include "sim/viewers/log_checker.hpp"
#include "sim/viewers/scoreboard.hpp"
#include "sim/viewers/viewing_end.hpp"
#include "sim/viewers/watched_stream.hpp"

namespace spillway::sim {

/// Who saw it, for reports.
struct viewer_identity {
  std::size_t number = 0;
  std::uint64_t seed = 0;
  behaviour who = behaviour::steady;
};

/// Checks every frame and every end of a viewer's connections, counts them and reports what must
/// not be. Context: one viewer.
class stream_judge {
 public:
  /// Both outlive it.
  stream_judge(viewer_identity whose, const watched_stream& stream, scoreboard& board)
      : whose_(whose), stream_(stream), board_(board) {}

  void on_open(std::chrono::system_clock::time_point now);
  void on_frame(std::string_view raw);
  /// `about` is what the viewer knows; what it does not is filled in.
  void on_end(const viewing_end& end, close_situation about);
  void report(flaw found);

  /// How far it is behind the newest line that anyone has had of this log since it is there.
  std::chrono::nanoseconds lag() const;
  /// It took lines after `moment`, but the last of them is older: they were on their way, and it is
  /// the viewer that reads late.
  bool reads_late(std::chrono::nanoseconds moment) const;
  /// The path of the next connection: from before the last line on, if there was one.
  std::string next_path(std::string_view first_tail) const;
  bool resumes() const { return log_.begun() && stream_.kind == stream_kind::logs; }
  /// The last frame was no error, and there was one on this connection.
  bool served() const { return frames_here_ > 0 && !after_error_; }

 private:
  void on_log_frame(const seen_frame& frame);
  void on_line(const seen_frame& frame);
  void on_deploy_frame(const seen_frame& frame, std::string_view raw);
  void remember(std::string_view raw);
  broken_invariant evidence(flaw found) const;

  const viewer_identity whose_;
  const watched_stream& stream_;
  scoreboard& board_;
  log_checker log_;
  deploy_checker deploy_;
  std::string last_at_;
  std::chrono::nanoseconds opened_at_{};
  std::chrono::nanoseconds last_printed_{};
  std::chrono::nanoseconds last_taken_{};
  std::uint64_t frames_here_ = 0;
  bool after_error_ = false;
  std::deque<std::string> recent_;
};

}  // namespace spillway::sim
