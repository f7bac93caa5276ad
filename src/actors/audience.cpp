#include "actors/audience.hpp"

#include <caf/send.hpp>
#include <utility>

namespace spillway::actors {

void audience::join(subscriber_id id, recipient to, sequence start) {
  fan_.join(id, start, to.form);
  viewers_.insert_or_assign(id, viewer{std::move(to), {}});
  next(id);
}

void audience::leave(subscriber_id id) {
  viewers_.erase(id);
  fan_.leave(id);
}

void audience::pump() {
  auto deliveries = fan_.pump(std::move(deliveries_));
  for (auto& d : deliveries) act_on(d.to, std::move(d.what));
  deliveries.clear();
  deliveries_ = std::move(deliveries);
}

void audience::next(subscriber_id id) {
  act_on(id, fan_.next(id));
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

void audience::act_on(subscriber_id id, fanout::answer what) {
  auto found = viewers_.find(id);
  if (found == viewers_.end()) return;
  switch (what.what) {
    case fanout::status::ready:
      caf::anon_send(found->second.to.session, deliver{std::move(what.frames)});
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
