#include "actors/container_log_publisher.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <caf/send.hpp>
#include <chrono>
#include <utility>

#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

using namespace std::chrono_literals;

/// Docker stamps a line before it writes it: lines up to `until` may come this much later.
constexpr std::chrono::seconds until_slack{1};
/// Of one viewer's tail, before it is known which lines count.
constexpr std::size_t most_collected = 512 << 10;
/// For a viewer's `until`, at a time.
constexpr std::chrono::nanoseconds longest_wait = std::chrono::minutes(10);
/// After a viewer's `until`: for a stream to bring the line that the viewer had last.
constexpr std::chrono::seconds ahead_patience{30};
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
  if (held_back_) read_on();
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
    const sequence start =
        v.waiting_since ? index_.not_before(*v.waiting_since + nanoseconds(1)) : head;
    return begin(id, start);
  }
  const bool from_log_start = complete_ && ring.first() == 0;
  const sequence tail = v.request.tail.value_or(head + 1);
  const bool tail_in_ring = tail <= head - ring.first();
  const bool since_in_ring = v.request.since && !index_.empty() &&
                             index_.at(index_.first()) < *v.request.since - log_index::disorder;
  if (!tail_in_ring && !since_in_ring && !from_log_start) return replay(id, true);
  begin(id, tail_in_ring ? head - tail : ring.first());
}

/// For a viewer who has had nothing yet: not before its `since`, however old what the stream brings
/// next may be.
void container_log_publisher::begin(subscriber_id id, sequence start) {
  const auto& since = viewers_.at(id).request.since;
  if (!since) return join(id, start);
  start = std::max(start, index_.not_before(*since));
  if (start < index_.end() || state_ == state::ended) return join(id, start);
  future_.emplace(*since, id);
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
  } else if (is_ahead(id) && deps_.now() < *found->second.request.until + ahead_patience) {
    self_->delayed_send(container_log_actor(self_), 1s, until_passed{id});
  } else if (std::erase(pending_, id) != 0) {
    // The ring does not stand yet, and may not for long where the container prints nothing. What
    // there is up to `until` is in the history.
    replay(id, false);
  } else if (is_ahead(id) || !replays_.contains(id)) {
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
      go_on_in_ring(id, answer.join_at);
      break;
    case history_replay::outcome::ahead:
      ahead_.push_back({id, index_.end()});
      if (state_ == state::ended) join_those_ahead();
      break;
    case history_replay::outcome::end_of_history:
      finish_viewer(id, end_cause::end_of_history, {});
      break;
    case history_replay::outcome::failed:
      tell_failure(answer.error);
      finish_viewer(id,
                    answer.error.code == engine_errc::not_found ? end_cause::container_not_found
                                                                : end_cause::source_failed,
                    answer.error.message);
      break;
  }
}

void container_log_publisher::go_on_in_ring(subscriber_id id, sequence start) {
  const bool had_lines = replays_.at(id).history->last_line().has_value();
  replays_.erase(id);
  if (had_lines) return join(id, start);
  begin(id, start);
}

/// Whoever has had this line goes on after it.
void container_log_publisher::meet_those_ahead(const protocol::log_line& line, sequence at) {
  std::erase_if(ahead_, [&](const ahead_viewer& early) {
    const auto found = replays_.find(early.id);
    if (found == replays_.end()) return true;
    const auto last = *found->second.history->last_line();
    const bool met = line.identity == last.identity;
    // A line so much newer: theirs went by unrecognised, as where the clock was set back. What has
    // come since they are ahead and is newer than theirs, they have not had.
    if (!met && line.at <= last.at + disorder) return false;
    const sequence newer = std::max(early.since, index_.not_before(last.at + 1ns));
    replays_.erase(found);
    join(early.id, met ? at + 1 : std::min(newer, at));
    return true;
  });
}

bool container_log_publisher::is_ahead(subscriber_id id) const {
  return replays_.contains(id) && std::ranges::count(ahead_, id, &ahead_viewer::id) != 0;
}

/// The stream brings nothing more.
void container_log_publisher::join_those_ahead() {
  for (const auto& early : std::exchange(ahead_, {})) {
    if (replays_.erase(early.id) != 0) join(early.id, audience_.ring().end());
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
  if (chunk->unfinished != 0) unfinished_ = chunk;
  if (state_ == state::opening && chunk->whole_lines() != 0) return begin_backfill(chunk);
  append_all(*chunk);
  if (chunk->end) return stream_over(*chunk);
  read_on();
}

/// Where lines come faster than they can be handed out to viewers who would take them, the
/// container waits rather than that all of them miss some. A slow viewer does not stand in that
/// line.
void container_log_publisher::read_on() {
  held_back_ = audience_.overloaded();
  if (held_back_) return;
  if (stream_) {
    stream_->read();
  } else if (history_) {
    history_->read();
  }
}

void container_log_publisher::begin_backfill(const std::shared_ptr<const log_chunk>& chunk) {
  state_ = state::backfilling;
  if (chunk->end) retire();  // as in settle()
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
  if (state_ == state::settling) {
    last_lines_->add(chunk);
    audience_.pump();
  } else {
    backfill_->add(chunk);
  }
  if (!chunk->end) return state_ == state::settling ? read_on() : history_->read();
  history_.reset();
  if (state_ == state::settling) return on_last_lines(*chunk);
  if (*chunk->end == log_end::failed) return end_stream(log_end::failed, chunk->error);
  const auto first = backfill_->splice();
  complete_ = first.complete;
  for (const auto& line : first.lines) append(line);
  state_ = state::live;
  place_all();
  const auto held = backfill_->held();
  backfill_.reset();
  if (held->end) return stream_over(*held);
  stream_->read();
}

void container_log_publisher::append_all(const log_chunk& chunk) {
  for (std::size_t i = 0; i < chunk.whole_lines(); ++i) append(chunk.lines[i]);
  audience_.pump();
}

void container_log_publisher::append(const protocol::log_line& line) {
  scratch_.clear();
  protocol::append_log_frame(scratch_, line);
  const sequence s = audience_.append(scratch_);
  deps_.meters->came_in(stream_kind::container, 1, scratch_.size());
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

void container_log_publisher::stream_over(const log_chunk& last) {
  stream_.reset();
  if (*last.end == log_end::container_exited) return settle(last.ended);
  end_stream(*last.end, last.error);
}

/// Whoever comes from here on may be about the container's next life.
void container_log_publisher::settle(const std::optional<ended_run>& run) {
  state_ = state::settling;
  retire();
  last_lines_ =
      std::make_unique<last_lines>(index_, deps_.settings.logs.ring_size_bytes, run,
                                   [this](const protocol::log_line& line) { append(line); });
  read_history(last_lines_->newest());
}

void container_log_publisher::on_last_lines(const log_chunk& end) {
  if (*end.end == log_end::failed && end.error.code != engine_errc::not_found)
    return end_stream(log_end::failed, end.error);
  // Removed meanwhile: what nobody has read is nowhere.
  const bool gone = *end.end == log_end::failed;
  const auto more = last_lines_->after_read(end.next_run);
  if (more && !gone) return read_history(*more);
  complete_ = complete_ || last_lines_->complete();
  // Rotated away, or the read ended early: what came after it is not known.
  if (!gone && !last_lines_->reached()) {
    return end_stream(log_end::failed, {engine_errc::bad_answer, "the last lines were not found"});
  }
  if (gone) append_unfinished();
  end_stream(log_end::container_exited, {});
}

/// What the stream brought of a line whose end is nowhere.
void container_log_publisher::append_unfinished() {
  if (!unfinished_) return;
  const log_chunk& cut = *unfinished_;
  for (std::size_t i = cut.whole_lines(); i < cut.lines.size(); ++i) append(cut.lines[i]);
}

void container_log_publisher::end_stream(log_end how, const engine_error& error) {
  state_ = state::ended;
  stream_.reset();
  history_.reset();
  backfill_.reset();
  last_lines_.reset();
  unfinished_.reset();
  if (index_.empty()) complete_ = true;
  place_all();
  join_those_ahead();
  for (const auto& [since, id] : std::exchange(future_, {})) join(id, audience_.ring().end());
  if (how == log_end::failed) tell_failure(error);
  if (how != log_end::failed) {
    audience_.seal(end_cause::container_exited);
  } else if (error.code == engine_errc::not_found) {
    audience_.seal(end_cause::container_not_found, error.message);
  } else {
    audience_.seal(end_cause::source_failed, error.message);
  }
  retire();
}

/// Once where it is the same for many viewers.
void container_log_publisher::tell_failure(const engine_error& error) {
  if (std::exchange(told_failure_, error.message) == error.message) return;
  spdlog::error("[logs] {}: {}", key_, error.message);
}

// --- the report ---------------------------------------------------------------------------------

std::string_view container_log_publisher::to_string(state which) {
  switch (which) {
    case state::idle:
      return "idle";
    case state::opening:
      return "opening";
    case state::backfilling:
      return "backfilling";
    case state::live:
      return "following";
    case state::settling:
      return "settling";
    case state::ended:
      break;
  }
  return "ended";
}

publisher_report container_log_publisher::report() const {
  publisher_report made;
  made.kind = stream_kind::container;
  made.state = to_string(state_);
  made.mailbox = self_->mailbox().size();
  audience_.describe(made);
  for (const auto& [id, v] : viewers_) {
    if (audience_.has(id)) continue;
    made.viewers.push_back(report_of(id, v.to, replays_.contains(id) ? "replaying" : "waiting"));
  }
  return made;
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
