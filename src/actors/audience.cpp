#include "actors/audience.hpp"

#include <caf/send.hpp>
#include <utility>

namespace spillway::actors {

viewer_report report_of(subscriber_id id, const recipient& to, std::string_view state) {
  viewer_report made;
  made.id = id;
  made.state = state;
  if (const auto since = to.readiness->occupied_for(demand::clock::now())) {
    made.writing_for = std::chrono::duration_cast<std::chrono::milliseconds>(*since);
  }
  return made;
}

void deliver_and_ask(const recipient& to, batch_ptr frames) {
  to.readiness->occupy_and_ask();
  caf::anon_send(to.session, deliver{std::move(frames)});
}

void audience::join(subscriber_id id, recipient to, sequence start, std::optional<own_end> end) {
  fan_.join(id, start, to.form, to.readiness);
  viewers_.insert_or_assign(id, viewer{std::move(to), {}});
  if (end) limit(id, end->stop, end->cause);
  next(id);
}

void audience::leave(subscriber_id id) {
  viewers_.erase(id);
  fan_.leave(id);
}

void audience::pump() {
  if (turn_asked_) return;
  auto deliveries = fan_.pump(std::move(deliveries_), turn_bytes - spent_);
  for (auto& d : deliveries) {
    spend(d.what);
    act_on(d.to, std::move(d.what));
  }
  hand_over();
  deliveries.clear();
  deliveries_ = std::move(deliveries);
}

void audience::next(subscriber_id id) {
  if (turn_asked_) return fan_.want(id);
  auto answer = fan_.next(id);
  spend(answer);
  act_on(id, std::move(answer));
  hand_over();
}

void audience::spend(const fanout::answer& what) {
  if (what.what == fanout::status::waiting) return;
  spent_ += fanout::delivery_cost + (what.frames ? what.frames->bytes : 0);
  if (spent_ >= turn_bytes) turn_over_ = true;
}

/// What was handed out goes to the sockets; then, after a full turn, others have theirs.
void audience::hand_over() {
  out_.flush();
  if (!turn_over_ || turn_asked_) return;
  turn_asked_ = true;
  out_.afterwards([to = owner_()] { caf::anon_send(to, go_on{}); });
}

void audience::take_turn() {
  turn_asked_ = turn_over_ = false;
  spent_ = 0;
  pump();
}

void audience::limit(subscriber_id id, sequence stop, end_cause cause) {
  auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  found->second.own_end = cause;
  fan_.limit(id, stop);
}

void audience::seal(end_cause cause, std::string detail) {
  sealed_ = true;
  end_ = {cause, std::move(detail)};
  fan_.seal();
  pump();
}

void audience::describe(publisher_report& to) const {
  to.ring = {ring().end() - ring().first(), ring().bytes(), fan_.capacity()};
  for (const fanout::standing& each : fan_.standings()) {
    const auto found = viewers_.find(each.id);
    if (found == viewers_.end()) continue;
    viewer_report made = report_of(each.id, found->second.to, "live");
    made.lag_lines = each.lag;
    made.skipped_lines = each.skipped;
    to.viewers.push_back(std::move(made));
  }
}

void audience::act_on(subscriber_id id, fanout::answer what) {
  auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  switch (what.what) {
    case fanout::status::ready:
      out_.add(found->second.to.session, std::move(what.frames));
      break;
    case fanout::status::finished: {
      const viewer gone = std::move(found->second);
      viewers_.erase(found);
      caf::anon_send(gone.to.session, gone.own_end ? finish{*gone.own_end, {}} : end_);
      break;
    }
    case fanout::status::behind:
      if (on_behind_) on_behind_(id, what.at);
      break;
    case fanout::status::waiting:
    case fanout::status::unknown:
      break;
  }
}

}  // namespace spillway::actors
