#include "actors/container_log_publisher.hpp"

#include <caf/send.hpp>
#include <chrono>
#include <utility>

#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

/// Docker stamps a line before it writes it: lines up to `until` may come this much later.
constexpr std::chrono::seconds until_slack{1};
/// Of one viewer's tail, before it is known which lines count.
constexpr std::size_t most_collected = 512 << 10;
/// For a viewer's `until`, at a time.
constexpr std::chrono::nanoseconds longest_wait = std::chrono::minutes(10);
/// Neighbouring lines are stamped apart by stdout and stderr, so their times may be out of order.
constexpr std::chrono::seconds disorder{5};

fanout::options container_log_options(const dependencies& deps) {
  return {.ring = {.bytes = deps.settings.logs.ring_size_bytes},
          .window = deps.settings.stream.window_bytes,
          .lag = lag_policy::skip,
          .skip_notice = [now = deps.now](std::uint64_t count) {
            std::string json;
            protocol::append_log_skip_frame(json, now(), count);
            return json;
          }};
}

}  // namespace

container_log_publisher::container_log_publisher(container_log_actor::pointer self,
                                                 const dependencies& deps, std::string key,
                                                 std::string container_id,
                                                 supervisor_actor supervisor)
    : self_(self),
      deps_(deps),
      key_(std::move(key)),
      container_id_(std::move(container_id)),
      supervisor_(std::move(supervisor)),
      audience_(container_log_options(deps),
                [self] { return publisher_actor(container_log_actor(self)); }) {}

// --- viewers ------------------------------------------------------------------------------------

void container_log_publisher::on_subscribe(const subscribe& m) {
  if (retiring_) return caf::anon_send(supervisor_, redirect{m});
  const auto& request = std::get<protocol::container_logs_request>(m.request.what);
  const auto now = deps_.now();
  viewers_.insert_or_assign(m.id, viewer{m.to, request, {}});
  if (!request.follow || (request.until && *request.until <= now)) return replay(m.id, false);
  if (request.until) wait_for_until(m.id);
  if (state_ == state::live) return place(m.id);
  viewers_.at(m.id).waiting_since = now;
  pending_.push_back(m.id);
  if (state_ == state::idle) open_stream();
}

void container_log_publisher::on_turn() {
  audience_.take_turn();
  if (held_back_ && stream_) read_on();
}

void container_log_publisher::on_next(subscriber_id id) {
  auto found = replays_.find(id);
  if (found == replays_.end()) return audience_.next(id);
  found->second.wants_batch = true;
  advance(id);
}

void container_log_publisher::on_unsubscribe(subscriber_id id) {
  audience_.leave(id);
  replays_.erase(id);
  std::erase(pending_, id);
  const auto is_gone = [id](const auto& entry) { return entry.second == id; };
  std::erase_if(future_, is_gone);
  std::erase_if(bounded_, is_gone);
  if (viewers_.erase(id) != 0) after_departure();
}

/// Where a viewer who follows begins: in the ring if that reaches back far enough.
void container_log_publisher::place(subscriber_id id) {
  const auto& v = viewers_.at(id);
  const auto& ring = audience_.ring();
  const sequence head = ring.end();
  if (v.request.since && *v.request.since > deps_.now()) {
    future_.emplace(*v.request.since, id);
    return;
  }
  if (v.request.tail == 0U) {
    using std::chrono::nanoseconds;
    return join(id, v.waiting_since ? index_.not_before(*v.waiting_since + nanoseconds(1)) : head);
  }
  const bool from_log_start = complete_ && ring.first() == 0;
  const sequence tail = v.request.tail.value_or(head + 1);
  const bool tail_in_ring = tail <= head - ring.first();
  const bool since_in_ring =
      v.request.since && !index_.empty() && index_.at(index_.first()) < *v.request.since;
  if (!tail_in_ring && !since_in_ring && !from_log_start) return replay(id, true);
  sequence start = tail_in_ring ? head - tail : ring.first();
  if (v.request.since) start = std::max(start, index_.not_before(*v.request.since));
  join(id, start);
}

void container_log_publisher::place_all() {
  std::vector<subscriber_id> waiting;
  waiting.swap(pending_);
  for (subscriber_id id : waiting) place(id);
}

void container_log_publisher::join(subscriber_id id, sequence start) {
  const viewer& v = viewers_.at(id);
  if (!v.request.until) return audience_.join(id, v.to, start);
  for (sequence s = std::max(start, index_.first()); s < index_.end(); ++s) {
    if (index_.at(s) <= *v.request.until) continue;
    return audience_.join(id, v.to, start, audience::own_end{s, end_cause::end_of_history});
  }
  audience_.join(id, v.to, start);
  if (!audience_.has(id)) return;
  bounded_.emplace(*v.request.until, id);
  // Passed while it read its history: nobody else will say so.
  if (*v.request.until + until_slack <= deps_.now()) {
    caf::anon_send(container_log_actor(self_), until_passed{id});
  }
}

void container_log_publisher::finish_viewer(subscriber_id id, end_cause cause, std::string detail) {
  auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  caf::anon_send(found->second.to.session, finish{cause, std::move(detail)});
  on_unsubscribe(id);
}

void container_log_publisher::wait_for_until(subscriber_id id) {
  const std::chrono::nanoseconds left = *viewers_.at(id).request.until - deps_.now() + until_slack;
  // In steps: a message on its way to a viewer that has gone is kept until it is due.
  self_->delayed_send(container_log_actor(self_), std::min(left, longest_wait), until_passed{id});
}

void container_log_publisher::on_until_passed(subscriber_id id) {
  const auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  if (deps_.now() < *found->second.request.until + until_slack) return wait_for_until(id);
  if (audience_.has(id)) {
    audience_.limit(id, audience_.ring().end(), end_cause::end_of_history);
    audience_.pump();
  } else if (!replays_.contains(id)) {
    finish_viewer(id, end_cause::end_of_history, {});
  }
}

// --- one viewer's deeper history ----------------------------------------------------------------

void container_log_publisher::replay(subscriber_id id, bool splice) {
  const auto& request = viewers_.at(id).request;
  history_replay::chunk_route route = [me = container_log_actor(self_), id](std::uint64_t epoch) {
    return [me, id, epoch](std::shared_ptr<const log_chunk> chunk) {
      caf::anon_send(me, replay_chunk{id, epoch, std::move(chunk)});
    };
  };
  history_replay::options opts{
      .container_id = container_id_,
      .query = {.tail = request.tail, .since = request.since, .until = request.until},
      .splice = splice,
      .window = deps_.settings.stream.window_bytes,
      .collect_bytes = std::min(deps_.settings.logs.ring_size_bytes, most_collected)};
  replays_[id].history =
      std::make_unique<history_replay>(std::move(opts), deps_.engine, std::move(route), index_);
}

void container_log_publisher::on_replay(const replay_chunk& m) {
  auto found = replays_.find(m.id);
  if (found == replays_.end() || found->second.history->epoch() != m.epoch) return;
  found->second.history->on_chunk(m.chunk);
  advance(m.id);
}

void container_log_publisher::advance(subscriber_id id) {
  auto& r = replays_.at(id);
  if (!r.wants_batch) return;
  auto answer = r.history->next(index_);
  switch (answer.what) {
    case history_replay::outcome::reading:
      break;
    case history_replay::outcome::batch:
      r.wants_batch = false;
      deliver_and_ask(viewers_.at(id).to, std::move(answer.frames));
      break;
    case history_replay::outcome::join:
      replays_.erase(id);
      join(id, answer.join_at);
      break;
    case history_replay::outcome::ahead:
      ahead_.push_back(id);
      if (state_ == state::ended) join_those_ahead();
      break;
    case history_replay::outcome::end_of_history:
      finish_viewer(id, end_cause::end_of_history, {});
      break;
    case history_replay::outcome::failed:
      finish_viewer(id,
                    answer.error.code == engine_errc::not_found ? end_cause::container_not_found
                                                                : end_cause::source_failed,
                    answer.error.message);
      break;
  }
}

/// Whoever has had this line goes on after it.
void container_log_publisher::meet_those_ahead(const protocol::log_line& line, sequence at) {
  std::erase_if(ahead_, [&](subscriber_id id) {
    const auto found = replays_.find(id);
    if (found == replays_.end()) return true;
    const auto last = *found->second.history->last_line();
    const bool met = line.identity == last.identity;
    // A line so much newer: the clock was set back, and theirs went by unrecognised. Or the whole
    // of a line of which they had a part, since the history was read while it was being written.
    if (!met && line.at != last.at && line.at <= last.at + disorder) return false;
    replays_.erase(found);
    join(id, met ? at + 1 : at);
    return true;
  });
}

/// The stream brings nothing more.
void container_log_publisher::join_those_ahead() {
  for (const subscriber_id id : std::exchange(ahead_, {})) {
    if (replays_.erase(id) != 0) join(id, audience_.ring().end());
  }
}

// --- the engine's stream ------------------------------------------------------------------------

void container_log_publisher::open_stream() {
  state_ = state::opening;
  stream_ = deps_.engine.open_log(container_id_, {.tail = 1, .follow = true},
                                  [me = container_log_actor(self_)](auto chunk) {
                                    caf::anon_send(me, followed_chunk{std::move(chunk)});
                                  });
  stream_->read();
}

void container_log_publisher::on_followed(const std::shared_ptr<const log_chunk>& chunk) {
  if (state_ == state::opening && !chunk->lines.empty()) return begin_backfill(chunk);
  append_all(*chunk);
  if (chunk->end) return stream_over(*chunk->end, chunk->error);
  read_on();
}

/// Where lines come faster than they can be handed out to viewers who would take them, the
/// container waits rather than that all of them miss some. A slow viewer does not stand in that
/// line.
void container_log_publisher::read_on() {
  held_back_ = audience_.overloaded();
  if (!held_back_) stream_->read();
}

void container_log_publisher::begin_backfill(const std::shared_ptr<const log_chunk>& chunk) {
  state_ = state::backfilling;
  backfill_ = std::make_unique<backfill>(chunk, deps_.settings.logs.ring_size_bytes);
  read_history({.tail = backfill::entries});
}

void container_log_publisher::read_history(log_query query) {
  history_ =
      deps_.engine.open_log(container_id_, query, [me = container_log_actor(self_)](auto part) {
        caf::anon_send(me, backfill_chunk{std::move(part)});
      });
  history_->read();
}

void container_log_publisher::on_backfill(const std::shared_ptr<const log_chunk>& chunk) {
  if (state_ == state::settling) append_unseen(*chunk);
  if (state_ == state::backfilling) backfill_->add(chunk);
  if (!chunk->end) return history_->read();
  history_.reset();
  if (state_ == state::settling) return end_stream(log_end::container_exited, {});
  if (*chunk->end == log_end::failed) return end_stream(log_end::failed, chunk->error);
  const auto first = backfill_->splice();
  complete_ = first.complete;
  for (const auto& line : first.lines) append(line);
  state_ = state::live;
  place_all();
  const log_chunk held{{}, 0, backfill_->held().end, backfill_->held().error};
  backfill_.reset();
  if (held.end) return stream_over(*held.end, held.error);
  stream_->read();
}

void container_log_publisher::append_all(const log_chunk& chunk) {
  for (std::size_t i = 0; i < chunk.lines.size(); ++i) append(chunk.lines[i]);
  audience_.pump();
}

void container_log_publisher::append(const protocol::log_line& line) {
  scratch_.clear();
  protocol::append_log_frame(scratch_, line);
  const sequence s = audience_.append(scratch_);
  index_.push(line.at, line.identity);
  index_.trim(audience_.ring().first());
  if (!ahead_.empty()) meet_those_ahead(line, s);
  while (!bounded_.empty() && bounded_.begin()->first < line.at) {
    audience_.limit(bounded_.begin()->second, s, end_cause::end_of_history);
    bounded_.erase(bounded_.begin());
  }
  while (!future_.empty() && future_.begin()->first <= line.at) {
    const subscriber_id id = future_.begin()->second;
    future_.erase(future_.begin());
    join(id, s);
  }
}

void container_log_publisher::stream_over(log_end how, const engine_error& error) {
  stream_.reset();
  if (how == log_end::container_exited) return settle();
  end_stream(how, error);
}

/// When a container exits, the engine may end a stream that was read slowly before its last lines:
/// they are in the history alone.
void container_log_publisher::settle() {
  state_ = state::settling;
  if (index_.empty()) return read_history({.tail = backfill::entries});
  seen_last_ = index_.identity(index_.end() - 1);
  read_history({.since = index_.at(index_.end() - 1) - disorder});
}

void container_log_publisher::append_unseen(const log_chunk& chunk) {
  for (std::size_t i = 0; i < chunk.lines.size(); ++i) {
    if (!seen_last_) {
      append(chunk.lines[i]);
    } else if (chunk.lines[i].identity == *seen_last_) {
      seen_last_.reset();
    }
  }
  audience_.pump();
}

void container_log_publisher::end_stream(log_end how, const engine_error& error) {
  state_ = state::ended;
  stream_.reset();
  history_.reset();
  if (index_.empty()) complete_ = true;
  place_all();
  join_those_ahead();
  for (const auto& [since, id] : std::exchange(future_, {})) join(id, audience_.ring().end());
  if (how != log_end::failed) {
    audience_.seal(end_cause::container_exited);
  } else if (error.code == engine_errc::not_found) {
    audience_.seal(end_cause::container_not_found, error.message);
  } else {
    audience_.seal(end_cause::source_failed, error.message);
  }
  retire();
}

// --- the end ------------------------------------------------------------------------------------

void container_log_publisher::after_departure() {
  quit_if_done();
  if (!viewers_.empty() || retiring_) return;
  deserted_since_ = self_->clock().now();
  if (!lingers_) linger(deps_.settings.logs.linger);
}

void container_log_publisher::linger(caf::actor_clock::duration_type time) {
  lingers_ = true;
  self_->delayed_send(container_log_actor(self_), time, linger_over{});
}

void container_log_publisher::on_linger_over() {
  lingers_ = false;
  if (!viewers_.empty()) return;
  const auto left = deserted_since_ + deps_.settings.logs.linger - self_->clock().now();
  if (left > left.zero()) return linger(left);
  retire();
}

void container_log_publisher::retire() {
  if (std::exchange(retiring_, true)) return;
  caf::anon_send(supervisor_, retiring{key_, publisher_actor(container_log_actor(self_))});
}

void container_log_publisher::on_retirement_granted() {
  retired_ = true;
  quit_if_done();
}

void container_log_publisher::quit_if_done() {
  if (retired_ && viewers_.empty()) self_->quit();
}

}  // namespace spillway::actors
