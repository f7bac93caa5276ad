// One viewer's history where it lies deeper than the ring, spliced to the ring without a seam.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/history_buffer.hpp"
#include "actors/log_index.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

/// Reads a container's log for one viewer and hands it over in batches, one at a time and only when
/// the viewer asks. Where the viewer follows, the history runs up to a line that the ring has
/// (recognised by its identity) and the viewer goes on from there. Memory: the larger of
/// `collect_bytes` and one chunk, and until a line is recognised what the index knew of the ring.
///
/// A `tail` of N is read as N + 1 entries: an answer that is full begins, perhaps, in the middle of
/// a line that Docker split, so its first line does not count; and where split lines made N entries
/// fewer than N lines, more are read. A tail that is too large to be held until that is known is
/// first counted, with nothing kept but where its lines are, and then read once more. One of more
/// than `most_counted` lines is streamed at once, parts of lines counting as lines.
/// Context: the container log that owns it.
class history_replay {
 public:
  static constexpr std::uint64_t most_counted = 32'768;

  struct options {
    std::string container_id;
    log_query query;
    /// Ends at the ring; else at the end of the history.
    bool splice = false;
    std::size_t window = 256 << 10;
    std::size_t collect_bytes = 4 << 20;
  };
  enum class outcome : std::uint8_t {
    /// A chunk is on its way; call again when it is there.
    reading,
    /// A batch for the viewer is in `frames`.
    batch,
    /// The viewer goes on in the ring at `join_at`.
    join,
    /// The viewer has had lines up to `last_line`, which the ring will bring: it goes on after it.
    ahead,
    end_of_history,
    failed
  };
  struct answer {
    outcome what = outcome::reading;
    batch_ptr frames;
    sequence join_at = 0;
    engine_error error;
  };
  /// Sends a chunk back to the owner, which calls on_chunk() unless the epoch has moved on.
  using chunk_route = std::function<container_engine::chunk_handler(std::uint64_t epoch)>;

  /// Starts to read.
  history_replay(options opts, container_engine& engine, chunk_route route, const log_index& ring);

  std::uint64_t epoch() const { return epoch_; }
  void on_chunk(std::shared_ptr<const log_chunk> chunk);
  struct sent_line {
    protocol::timestamp at;
    std::uint64_t identity;
  };
  /// What the viewer had last, if it had anything.
  const std::optional<sent_line>& last_line() const { return last_line_; }
  /// What the viewer, who can take a batch, gets next.
  answer next(const log_index& ring);

 private:
  enum class phase : std::uint8_t { collecting, counting, streaming, catching_up };

  void open(log_query query, const log_index& ring);
  bool settle_collection(const log_index& ring);
  bool read_more_entries(const log_index& ring);
  bool count_lines(const log_index& ring);
  void read_after(sent_line last, protocol::timestamp since, const log_index& ring);
  bool has_nothing_of_the_ring(const log_index& ring) const;
  bool skip_known_lines(const log_index& ring);
  void locate(const protocol::log_line& line, const log_index& ring);
  answer next_from_buffer(const log_index& ring);
  answer after_last_line(const log_index& ring);
  answer meet_the_ring(const log_index& ring);
  static engine_error ended_early();
  answer catch_up(const log_index& ring);

  options options_;
  container_engine& engine_;
  chunk_route route_;
  std::unique_ptr<log_stream> stream_;
  std::uint64_t epoch_ = 0;
  bool read_pending_ = false;
  bool ended_ = false;
  std::optional<engine_error> error_;

  phase phase_ = phase::streaming;
  std::uint64_t asked_entries_ = 0;
  history_buffer buffer_;
  /// While counting: how many lines came, and the newest of them, one more than are wanted.
  std::uint64_t counted_ = 0;
  std::deque<sent_line> newest_;

  /// The ring when the read began: what it had is in the answer too. While no place is known.
  known_lines known_;
  /// The ring's sequence of the line sent last, once one was recognised.
  std::optional<sequence> position_;
  std::optional<sent_line> last_line_;
  bool had_lines_ = false;
  /// Since the log was read anew.
  bool sent_some_ = false;
  /// The log, read anew, has the line sent last.
  bool found_last_line_ = false;
  sequence ring_end_at_open_ = 0;
  unsigned catch_ups_ = 0;
};

}  // namespace spillway::actors
