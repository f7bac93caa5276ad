#include "actors/history_replay.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "actors/batch_builder.hpp"
#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

/// More entries are asked for while split lines leave too few whole ones.
constexpr std::uint64_t max_tail_entries = 1'000'000;
/// Reads that chase a ring which moves on; past it the gap is told as skipped lines.
constexpr unsigned max_catch_ups = 8;
/// A line that follows another may be stamped so much earlier: stdout and stderr are stamped apart.
constexpr std::chrono::seconds disorder{1};

}  // namespace

history_replay::history_replay(options opts, container_engine& engine, chunk_route route,
                               const log_index& ring)
    : options_(std::move(opts)), engine_(engine), route_(std::move(route)) {
  if (options_.splice) known_ = ring.known();
  log_query query = options_.query;
  query.follow = false;
  if (query.tail && *query.tail <= most_counted) {
    phase_ = phase::collecting;
    query.tail = *query.tail + 1;
  }
  open(query);
}

void history_replay::open(log_query query) {
  asked_entries_ = query.tail.value_or(0);
  buffer_.clear();
  ended_ = false;
  stream_ = engine_.open_log(options_.container_id, query, route_(++epoch_));
  read_pending_ = true;
  stream_->read();
}

void history_replay::on_chunk(std::shared_ptr<const log_chunk> chunk) {
  read_pending_ = false;
  buffer_.add(chunk);
  if (!chunk->end) return;
  ended_ = true;
  if (*chunk->end == log_end::failed) error_ = chunk->error;
}

history_replay::answer history_replay::next(const log_index& ring) {
  if (read_pending_) return {};
  if (error_ && buffer_.empty()) return {outcome::failed, nullptr, 0, *error_};
  if (phase_ == phase::collecting && !settle_collection(ring)) return {};
  if (phase_ == phase::counting && !count_lines()) return {};
  if (phase_ == phase::catching_up && !skip_known_lines()) return {};
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
    return count_lines();
  }
  const bool full = buffer_.entries() >= asked_entries_;
  if (full && !buffer_.empty()) {
    if (!error_ && buffer_.size() - 1 < wanted && read_more_entries()) return false;
    buffer_.pop_front();
  }
  buffer_.keep_newest(wanted);
  phase_ = phase::streaming;
  if (options_.splice && came_after_the_ring(ring)) {
    buffer_.clear();
    position_ = known_.end() - 1;
  }
  return true;
}

bool history_replay::read_more_entries() {
  if (asked_entries_ >= max_tail_entries) return false;
  log_query more = options_.query;
  more.follow = false;
  more.tail = std::min(asked_entries_ * 4, max_tail_entries);
  open(more);
  return true;
}

/// True where nothing is left to read; else more is being read.
bool history_replay::count_lines() {
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
  if (full && whole < wanted && read_more_entries()) return false;
  phase_ = phase::streaming;
  if (full || whole > wanted) {
    read_after(newest.front());
  } else {
    log_query all = options_.query;
    all.follow = false;
    all.tail.reset();
    open(all);
  }
  return false;
}

void history_replay::read_after(sent_line last) {
  last_line_ = last;
  sent_some_ = false;
  phase_ = phase::catching_up;
  open({.tail = {}, .since = last.at - disorder, .until = options_.query.until, .follow = false});
}

/// Everything that was read is newer than what the ring had: the ring brings it.
bool history_replay::came_after_the_ring(const log_index& ring) const {
  if (buffer_.empty() || known_.empty() || known_.end() <= ring.first()) return false;
  for (std::size_t i = 0; i < buffer_.size(); ++i) {
    if (known_.find(buffer_[i])) return false;
  }
  return buffer_.front().at >= known_.last_at();
}

/// Drops what the viewer has had already, up to its last line. False while more is being read.
bool history_replay::skip_known_lines() {
  while (!buffer_.empty()) {
    const bool last = buffer_.front().identity == last_line_->identity;
    buffer_.pop_front();
    if (last) {
      phase_ = phase::streaming;
      return true;
    }
  }
  if (ended_) {
    // The log no longer has it (rotated away): what is missing is told as skipped.
    catch_ups_ = max_catch_ups;
    phase_ = phase::streaming;
    return true;
  }
  read_pending_ = true;
  stream_->read();
  return false;
}

history_replay::answer history_replay::next_from_buffer(const log_index& ring) {
  batch_builder out;
  std::string json;
  while (!buffer_.empty() && out.bytes() < options_.window) {
    const protocol::log_line line = buffer_.front();
    if (options_.splice) {
      if (position_) {
        ++*position_;
      } else {
        position_ = known_.find(line);
        if (!position_) position_ = ring.find(line);
        if (position_) known_ = {};
      }
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
    sent_some_ = true;
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
  if (options_.query.until && catch_ups_ != 0 && !sent_some_) {
    return {outcome::end_of_history, nullptr, 0, {}};
  }
  if (!position_) return meet_the_ring(ring);
  const sequence wanted = *position_ + 1;
  if (wanted >= ring.first() || !last_line_) return {outcome::join, nullptr, wanted, {}};
  return catch_up(wanted);
}

/// None of the lines sent is one that the ring has or had when the read began.
history_replay::answer history_replay::meet_the_ring(const log_index& ring) {
  const bool ring_is_newer = !last_line_ || (!known_.empty() && last_line_->at <= known_.last_at());
  if (ring_is_newer) return {outcome::join, nullptr, known_.first(), {}};
  // The stream lags behind the log, as under a flood.
  if (ring.empty() || last_line_->at > ring.at(ring.end() - 1)) {
    return {outcome::ahead, nullptr, 0, {}};
  }
  return catch_up(known_.end());
}

/// The ring has moved on past the viewer's place: reads what lies between, or, after many such
/// reads, goes on at `otherwise`.
history_replay::answer history_replay::catch_up(sequence otherwise) {
  if (catch_ups_ == max_catch_ups) return {outcome::join, nullptr, otherwise, {}};
  ++catch_ups_;
  read_after(*last_line_);
  return {};
}

}  // namespace spillway::actors
