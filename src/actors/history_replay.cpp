#include "actors/history_replay.hpp"

#include <algorithm>
#include <utility>

#include "actors/batch_builder.hpp"
#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

/// More entries are asked for while split lines leave too few whole ones.
constexpr std::uint64_t max_tail_entries = 1'000'000;
/// Reads that chase a ring which moves on; past it the gap is told as skipped lines.
constexpr unsigned max_catch_ups = 8;

}  // namespace

history_replay::history_replay(options opts, container_engine& engine, chunk_route route,
                               const log_index& ring)
    : options_(std::move(opts)), engine_(engine), route_(std::move(route)) {
  log_query query = options_.query;
  query.follow = false;
  if (query.tail && *query.tail <= most_counted) {
    phase_ = phase::collecting;
    query.tail = *query.tail + 1;
  }
  open(query, ring);
}

void history_replay::open(log_query query, const log_index& ring) {
  asked_entries_ = query.tail.value_or(0);
  ring_end_at_open_ = ring.end();
  if (options_.splice && !position_) known_ = ring.known();
  buffer_.clear();
  ended_ = false;
  stream_ = engine_.open_log(options_.container_id, query, route_(++epoch_));
  read_pending_ = true;
  stream_->read();
}

void history_replay::on_chunk(std::shared_ptr<const log_chunk> chunk) {
  read_pending_ = false;
  // What is being written while it is read, the ring will bring whole.
  buffer_.add(chunk, options_.splice ? history_buffer::unfinished_lines::dropped
                                     : history_buffer::unfinished_lines::kept);
  if (!chunk->end) return;
  ended_ = true;
  if (*chunk->end == log_end::failed) error_ = chunk->error;
}

history_replay::answer history_replay::next(const log_index& ring) {
  if (read_pending_) return {};
  if (error_ && buffer_.empty()) return {outcome::failed, nullptr, 0, *error_};
  if (phase_ == phase::collecting && !settle_collection(ring)) return {};
  if (phase_ == phase::counting && !count_lines(ring)) return {};
  if (phase_ == phase::catching_up && !skip_known_lines(ring)) return {};
  return next_from_buffer(ring);
}

/// True once it is known which lines of the tail count; else more is being read.
bool history_replay::settle_collection(const log_index& ring) {
  const std::uint64_t wanted = *options_.query.tail;
  if (!ended_ && buffer_.bytes() < options_.collect_bytes) {
    read_pending_ = true;
    stream_->read();
    return false;
  }
  if (!ended_) {
    phase_ = phase::counting;
    return count_lines(ring);
  }
  // What came before the error is not the log's tail.
  if (error_) buffer_.clear();
  const bool full = buffer_.entries() >= asked_entries_;
  if (full) {
    // Nothing at all where each entry is a part of a line that is being written.
    const bool some = !buffer_.empty();
    if (buffer_.size() - (some ? 1 : 0) < wanted && read_more_entries(ring)) return false;
    if (some) buffer_.pop_front();
  }
  buffer_.keep_newest(wanted);
  phase_ = phase::streaming;
  // With `since`, what the ring brings first may be too old.
  if (options_.splice && !options_.query.since && has_nothing_of_the_ring(ring)) {
    // Of an answer that is not full, only the times tell whether it is newer or ended early.
    if (!full && buffer_.front().at <= known_.last_at()) error_ = ended_early();
    buffer_.clear();
    position_ = known_.end() - 1;
  }
  return true;
}

bool history_replay::read_more_entries(const log_index& ring) {
  if (asked_entries_ >= max_tail_entries) return false;
  log_query more = options_.query;
  more.follow = false;
  more.tail = std::min(asked_entries_ * 4, max_tail_entries);
  open(more, ring);
  return true;
}

/// True where nothing is left to read; else more is being read.
bool history_replay::count_lines(const log_index& ring) {
  const std::uint64_t wanted = *options_.query.tail;
  for (; !buffer_.empty(); buffer_.pop_front()) {
    newest_.push_back({buffer_.front().at, buffer_.front().identity});
    if (newest_.size() > wanted + 1) newest_.pop_front();
    ++counted_;
  }
  if (!ended_) {
    read_pending_ = true;
    stream_->read();
    return false;
  }
  if (error_) return true;
  const bool full = buffer_.entries() >= asked_entries_;
  const std::uint64_t whole = counted_ - (full && counted_ != 0 ? 1 : 0);
  counted_ = 0;
  const auto newest = std::exchange(newest_, {});
  if (full && whole < wanted && read_more_entries(ring)) return false;
  phase_ = phase::streaming;
  if (full || whole > wanted) {
    // The clock may have been set back among them.
    auto since = ring.earliest_after(newest.front().at);
    for (const auto& line : newest) since = std::min(since, line.at);
    read_after(newest.front(), since, ring);
  } else {
    log_query all = options_.query;
    all.follow = false;
    all.tail.reset();
    open(all, ring);
  }
  return false;
}

void history_replay::read_after(sent_line last, protocol::timestamp since, const log_index& ring) {
  last_line_ = last;
  sent_some_ = false;
  found_last_line_ = false;
  phase_ = phase::catching_up;
  open({.tail = {}, .since = since, .until = options_.query.until, .follow = false}, ring);
}

/// Where it has the log's newest lines, that is all newer than what the ring had: the ring brings
/// it.
bool history_replay::has_nothing_of_the_ring(const log_index& ring) const {
  if (buffer_.empty() || known_.empty() || known_.end() <= ring.first()) return false;
  for (std::size_t i = 0; i < buffer_.size(); ++i) {
    if (known_.find(buffer_[i])) return false;
  }
  return true;
}

/// Drops what the viewer has had already, up to its last line. False while more is being read.
bool history_replay::skip_known_lines(const log_index& ring) {
  while (!buffer_.empty()) {
    const bool last = buffer_.front().identity == last_line_->identity;
    buffer_.pop_front();
    if (last) {
      found_last_line_ = true;
      phase_ = phase::streaming;
      return true;
    }
  }
  if (ended_ && !error_ && !had_lines_) {
    // The line before the tail was counted and then rotated away: all that is left is of the tail.
    last_line_.reset();
    phase_ = phase::streaming;
    log_query all = options_.query;
    all.follow = false;
    all.tail.reset();
    open(all, ring);
    return false;
  }
  if (ended_) {
    // The log no longer has it (rotated away): what is missing is told as skipped, or as a failure.
    catch_ups_ = max_catch_ups;
    phase_ = phase::streaming;
    return true;
  }
  read_pending_ = true;
  stream_->read();
  return false;
}

/// Finds the place in the ring of a line that follows those before it.
void history_replay::locate(const protocol::log_line& line, const log_index& ring) {
  if (!position_) {
    position_ = known_.find(line);
    if (!position_) position_ = ring.find(line);
    if (position_) known_ = {};
    return;
  }
  ++*position_;
  // Lines that `since` or `until` leaves out are in the ring all the same.
  if (!options_.query.since && !options_.query.until) return;
  const bool in_ring = *position_ >= ring.first() && *position_ < ring.end();
  if (in_ring && ring.identity(*position_) == line.identity) return;
  if (const auto found = ring.find(line)) position_ = found;
}

history_replay::answer history_replay::next_from_buffer(const log_index& ring) {
  batch_builder out;
  std::string json;
  while (!buffer_.empty() && out.bytes() < options_.window) {
    const protocol::log_line line = buffer_.front();
    if (options_.splice) {
      locate(line, ring);
      if (position_ && *position_ >= ring.first()) {
        if (!out.empty()) {
          // The line itself comes from the ring, after this batch.
          buffer_.clear();
          --*position_;
          ended_ = true;
          error_.reset();
          return {outcome::batch, out.finish(), 0, {}};
        }
        return {outcome::join, nullptr, *position_, {}};
      }
    }
    json.clear();
    protocol::append_log_frame(json, line);
    out.add(json);
    last_line_ = {line.at, line.identity};
    sent_some_ = had_lines_ = true;
    buffer_.pop_front();
  }
  if (!out.empty()) return {outcome::batch, out.finish(), 0, {}};
  if (error_) return {outcome::failed, nullptr, 0, *error_};
  if (ended_) return after_last_line(ring);
  read_pending_ = true;
  stream_->read();
  return {};
}

history_replay::answer history_replay::after_last_line(const log_index& ring) {
  if (!options_.splice) return {outcome::end_of_history, nullptr, 0, {}};
  if (!position_ && last_line_) {
    position_ = ring.find({.at = last_line_->at, .text = {}, .identity = last_line_->identity});
  }
  // What the ring has beyond that is all past `until`.
  const auto& until = options_.query.until;
  if (until && catch_ups_ != 0 && !sent_some_ && found_last_line_ && ring.newest() > *until) {
    return {outcome::end_of_history, nullptr, 0, {}};
  }
  if (!position_) return meet_the_ring(ring);
  const sequence wanted = *position_ + 1;
  const bool too_often = catch_ups_ >= max_catch_ups;
  if (wanted >= ring.first() || !last_line_ || too_often) {
    return {outcome::join, nullptr, wanted, {}};
  }
  return catch_up(ring);
}

/// None of the lines sent is one that the ring has or had when the read began.
history_replay::answer history_replay::meet_the_ring(const log_index& ring) {
  // The read began after the ring had what is known: what it brought, if anything, is newer.
  if (!last_line_) return {outcome::join, nullptr, known_.first(), {}};
  // Or it ended early (the container was removed meanwhile), and nobody can say what is missing.
  const bool older = !known_.empty() && !options_.query.until &&
                     last_line_->at < known_.first_at() - log_index::disorder;
  if (older) return {outcome::failed, nullptr, 0, ended_early()};
  // The stream lags behind the log, as under a flood. By the time alone that cannot be told where
  // the clock was set back; but then a line that is still the log's last, and was not among those
  // that the ring got meanwhile, is yet to come.
  const bool is_last = found_last_line_ && !sent_some_ && ring.first() <= ring_end_at_open_;
  if (is_last || ring.empty() || last_line_->at > ring.newest()) {
    return {outcome::ahead, nullptr, 0, {}};
  }
  if (catch_ups_ >= max_catch_ups && !sent_some_) {
    return {outcome::failed, nullptr, 0, ended_early()};
  }
  return catch_up(ring);
}

engine_error history_replay::ended_early() {
  return {engine_errc::bad_answer, "the log's history ended early"};
}

/// The ring has moved on past the viewer's place: reads what lies between.
history_replay::answer history_replay::catch_up(const log_index& ring) {
  ++catch_ups_;
  read_after(*last_line_, ring.earliest_after(last_line_->at), ring);
  return {};
}

}  // namespace spillway::actors
