// What a container log does; container_log.cpp makes an actor of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/audience.hpp"
#include "actors/backfill.hpp"
#include "actors/dependencies.hpp"
#include "actors/history_replay.hpp"
#include "actors/last_lines.hpp"
#include "actors/log_index.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

/// One engine stream, one ring, any number of viewers.
///
///   idle --first viewer who follows--> opening --first line--> backfilling --history spliced-->
///   live --container exited--> settling --last lines read--> ended
///   opening, live --stream failed--> ended
///
/// A viewer is in one of five places: pending (until the ring stands), future (its `since` has not
/// come), replaying (its history lies deeper than the ring), ahead (it has had lines that the
/// stream has yet to bring), or in the audience. When nobody has been watching for `logs.linger`,
/// or the stream is over, it asks the supervisor to take it out of the directory; once that is done
/// and the last viewer has had its last line it quits. Context: the container log actor.
class container_log_publisher {
 public:
  container_log_publisher(container_log_actor::pointer self, const dependencies& deps,
                          std::string key, std::string container_id, supervisor_actor supervisor);

  void on_subscribe(const subscribe& m);
  void on_next(subscriber_id id);
  void on_turn();
  void on_unsubscribe(subscriber_id id);
  void on_retirement_granted();
  void on_followed(const std::shared_ptr<const log_chunk>& chunk);
  void on_backfill(const std::shared_ptr<const log_chunk>& chunk);
  void on_replay(const replay_chunk& m);
  void on_linger_over();
  void on_until_passed(subscriber_id id);
  publisher_report report() const;

 private:
  enum class state : std::uint8_t { idle, opening, backfilling, live, settling, ended };
  static std::string_view to_string(state which);
  struct viewer {
    recipient to;
    protocol::container_logs_request request;
    /// When it came, where it had to wait for the ring.
    std::optional<protocol::timestamp> waiting_since;
  };
  struct ahead_viewer {
    subscriber_id id;
    /// The end of the ring when it became that.
    sequence since;
  };
  struct replaying {
    std::unique_ptr<history_replay> history;
    bool wants_batch = true;
  };

  void open_stream();
  void begin_backfill(const std::shared_ptr<const log_chunk>& chunk);
  void append(const protocol::log_line& line);
  void append_all(const log_chunk& chunk);
  void read_on();
  void stream_over(const log_chunk& last);
  void settle(const std::optional<ended_run>& run);
  void on_last_lines(const log_chunk& end);
  void append_unfinished();
  void read_history(log_query query);
  void end_stream(log_end how, const engine_error& error);
  void place_all();
  void begin(subscriber_id id, sequence start);
  void place(subscriber_id id);
  void replay(subscriber_id id, bool splice);
  void advance(subscriber_id id);
  void go_on_in_ring(subscriber_id id, sequence start);
  bool is_ahead(subscriber_id id) const;
  void join_those_ahead();
  void meet_those_ahead(const protocol::log_line& line, sequence at);
  void join(subscriber_id id, sequence start);
  void finish_viewer(subscriber_id id, end_cause cause, std::string detail);
  void tell_failure(const engine_error& error);
  void after_departure();
  void linger(caf::actor_clock::duration_type time);
  void wait_for_until(subscriber_id id);
  void retire();
  void quit_if_done();

  container_log_actor::pointer self_;
  const dependencies& deps_;
  std::string key_;
  std::string container_id_;
  supervisor_actor supervisor_;

  state state_ = state::idle;
  std::unique_ptr<log_stream> stream_;
  /// The engine is held back until the viewers have had more of what is there.
  bool held_back_ = false;
  /// The history that is read for the ring, at its beginning and at its end.
  std::unique_ptr<log_stream> history_;
  std::unique_ptr<backfill> backfill_;
  std::unique_ptr<last_lines> last_lines_;
  /// With which the stream ended, if it ended within a line.
  std::shared_ptr<const log_chunk> unfinished_;
  audience audience_;
  log_index index_;
  /// The ring began with the log's first line.
  bool complete_ = false;
  std::string scratch_;

  std::unordered_map<subscriber_id, viewer> viewers_;
  std::vector<subscriber_id> pending_;
  /// By their `since`, and by their `until`: a line looks at the next one only.
  std::multimap<protocol::timestamp, subscriber_id> future_;
  /// In the audience, with an `until` that no line has passed yet.
  std::multimap<protocol::timestamp, subscriber_id> bounded_;
  std::unordered_map<subscriber_id, replaying> replays_;
  /// Of these, those that have had lines which the stream has not brought yet.
  std::vector<ahead_viewer> ahead_;

  std::string told_failure_;
  /// When the last viewer went, where none is there.
  caf::actor_clock::time_point deserted_since_{};
  /// A linger_over is on its way: one at a time, however often the last viewer goes.
  bool lingers_ = false;
  bool retiring_ = false;
  bool retired_ = false;
};

}  // namespace spillway::actors
