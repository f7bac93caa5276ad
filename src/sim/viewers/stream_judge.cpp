#include "sim/viewers/stream_judge.hpp"

#include <algorithm>
#include <utility>

#include "protocol/timestamp.hpp"

namespace spillway::sim {

namespace {

/// Frames kept for a report, and how much of each.
constexpr std::size_t recent_frames = 4;
constexpr std::size_t recent_bytes = 120;
/// A log is asked for from so long before its last line, since stdout and stderr are stamped apart.
constexpr std::chrono::seconds overlap{1};

/// Of one thread: a reader holds no state between frames.
frame_reader& shared_reader() {
  thread_local frame_reader reader;
  return reader;
}

bool reads_promptly(behaviour who) {
  return who == behaviour::steady || who == behaviour::flapping || who == behaviour::revoked;
}

}  // namespace

void stream_judge::on_open(std::chrono::system_clock::time_point now) {
  opened_at_ = now.time_since_epoch();
  log_.begin_connection();
  deploy_ = {};
  frames_here_ = 0;
  after_error_ = false;
  ++board_.count().upgrades;
  if (resumes()) ++board_.count().resumed;
}

void stream_judge::on_frame(std::string_view raw) {
  const seen_frame& frame = shared_reader().read(raw, stream_.kind);
  board_.count().bytes += raw.size();
  remember(raw);
  ++frames_here_;
  if (after_error_) report({flaw_kind::late_frame, "a frame came after an error"});
  switch (frame.shape) {
    case frame_shape::broken:
      return report({flaw_kind::bad_frame, frame.text});
    case frame_shape::error:
      after_error_ = true;
      ++board_.count().errors;
      return board_.did("error frame: " + frame.text);
    case frame_shape::log_line:
    case frame_shape::skip_notice:
      return on_log_frame(frame);
    case frame_shape::deploy_line:
    case frame_shape::deploy_end:
    case frame_shape::no_deploy:
      return on_deploy_frame(frame, raw);
    case frame_shape::process_line:
      ++board_.count().process_lines;
  }
}

void stream_judge::on_log_frame(const seen_frame& frame) {
  if (frame.shape == frame_shape::log_line) return on_line(frame);
  ++board_.count().notices;
  board_.count().skipped += frame.skipped;
  if (auto wrong = log_.on_skipped(frame.skipped)) report(std::move(*wrong));
}

void stream_judge::on_line(const seen_frame& frame) {
  const auto head = parse_head(frame.text);
  if (!head) {
    ++board_.count().headless;
    return log_.on_headless();
  }
  const auto fresh_before = log_.fresh();
  if (auto wrong = log_.on_line(*head)) report(std::move(*wrong));
  if (log_.fresh() == fresh_before) {
    ++board_.count().repeated;
    return;
  }
  ++board_.count().lines;
  last_at_ = frame.at;
  last_printed_ = head->printed_at;
  last_taken_ = std::chrono::system_clock::now().time_since_epoch();
  board_.saw_line(stream_.index, head->printed_at);
  // Not of history: that is as old as it is.
  if (!reads_promptly(whose_.who) || head->printed_at < opened_at_) return;
  const auto late = last_taken_ - head->printed_at;
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(late).count();
  board_.latency().add(static_cast<std::uint64_t>(std::max<std::int64_t>(us, 0)));
}

void stream_judge::on_deploy_frame(const seen_frame& frame, std::string_view raw) {
  ++board_.count().deploy_lines;
  if (auto wrong = deploy_.on_frame(frame, raw)) report(std::move(*wrong));
  if (frame.shape == frame_shape::no_deploy) return board_.did("no deploy to watch");
  if (!deploy_.ended()) return;
  board_.did("deploy watched to its end: " + deploy_.status());
  if (auto wrong = board_.compare_deploy(stream_.app + deploy_.last_frame(), deploy_.digest(),
                                         deploy_.frames())) {
    report(std::move(*wrong));
  }
}

void stream_judge::on_end(const viewing_end& end, close_situation about) {
  board_.ended(label_of(end));
  about.who = whose_.who;
  about.what = stream_.kind;
  about.after_error = after_error_;
  about.after_deploy_end = deploy_.ended();
  about.after_no_deploy = deploy_.none();
  about.stream_is_over = board_.ended_since(stream_.index, opened_at_);
  about.server_stops = about.server_stops || board_.server_is_stopping();
  const bool closed = end.kind == viewing_end::how::closed;
  if (closed && (end.code == 1000 || end.code == 1011)) board_.saw_end(stream_.index);
  const auto last = log_.end();
  if (closed && end.text == "container exited" && last) {
    board_.told_of_exit({stream_.index, last->life, last->number}, {opened_at_, evidence({})});
  }
  if (closed && end.text == "server is shutting down") {
    board_.server_stops();
    board_.may_have_broken(
        evidence({flaw_kind::wrong_close, "a server that goes on said that it is shutting down"}));
  }
  auto judged = judge_end(end, about);
  switch (judged.verdict) {
    case end_verdict::expected:
      return;
    case end_verdict::broken:
      return report(std::move(*judged.why));
    case end_verdict::broken_unless_stopping:
      return board_.may_have_broken(evidence(std::move(*judged.why)));
  }
}

std::chrono::nanoseconds stream_judge::lag() const {
  if (stream_.kind != stream_kind::logs) return {};
  return board_.newest_line(stream_.index) - std::max(last_printed_, opened_at_);
}

bool stream_judge::reads_late(std::chrono::nanoseconds moment) const {
  return last_taken_ > moment && last_printed_ < moment;
}

std::string stream_judge::next_path(std::string_view first_tail) const {
  auto path = path_of(stream_);
  if (stream_.kind != stream_kind::logs) return path;
  auto at = resumes() ? protocol::parse_rfc3339(last_at_) : std::nullopt;
  if (!at) return with_parameter(std::move(path), "tail", first_tail);
  // A clock that was ahead for a while may be set back meanwhile.
  at = std::min(*at, protocol::timestamp(last_printed_));
  path = with_parameter(std::move(path), "tail", "all");
  return with_parameter(std::move(path), "since", protocol::format_rfc3339_nano(*at - overlap));
}

void stream_judge::remember(std::string_view raw) {
  if (recent_.size() < recent_frames) {
    recent_.emplace_back(raw.substr(0, recent_bytes));
    return;
  }
  // The oldest one's storage serves the newest.
  auto kept = std::move(recent_.front());
  recent_.pop_front();
  kept.assign(raw.substr(0, recent_bytes));
  recent_.push_back(std::move(kept));
}

broken_invariant stream_judge::evidence(flaw found) const {
  return {std::move(found),
          whose_.number,
          whose_.seed,
          whose_.who,
          describe(stream_),
          std::chrono::system_clock::now(),
          {recent_.begin(), recent_.end()}};
}

void stream_judge::report(flaw found) {
  board_.broke(evidence(std::move(found)));
}

}  // namespace spillway::sim
