#include "actors/fanout.hpp"

#include <algorithm>

#include "actors/batch_builder.hpp"

namespace spillway::actors {

void fanout::join(subscriber_id id, sequence start) {
  cursors_[id] = cursor{start, {}, false};
}

void fanout::leave(subscriber_id id) {
  cursors_.erase(id);
}

void fanout::limit(subscriber_id id, sequence stop) {
  if (auto found = cursors_.find(id); found != cursors_.end()) found->second.stop = stop;
}

fanout::answer fanout::next(subscriber_id id) {
  auto found = cursors_.find(id);
  if (found == cursors_.end()) return {};
  answer result = answer_for(found->second);
  const bool waits = result.what == status::waiting;
  if (waits && !found->second.waiting) waiting_.push_back(id);
  found->second.waiting = waits;
  if (result.what == status::finished || result.what == status::behind) cursors_.erase(found);
  return result;
}

std::vector<fanout::delivery> fanout::pump() {
  std::vector<delivery> out;
  std::vector<subscriber_id> candidates;
  candidates.swap(waiting_);
  out.reserve(candidates.size());
  for (subscriber_id id : candidates) {
    auto found = cursors_.find(id);
    if (found == cursors_.end() || !found->second.waiting) continue;
    answer result = answer_for(found->second);
    if (result.what == status::waiting) {
      waiting_.push_back(id);
      continue;
    }
    found->second.waiting = false;
    if (result.what != status::ready) cursors_.erase(found);
    out.push_back({id, std::move(result)});
  }
  return out;
}

fanout::answer fanout::answer_for(cursor& c) {
  const sequence to = c.stop ? std::min(*c.stop, ring_.end()) : ring_.end();
  if (c.at >= to) {
    const bool over = sealed_ || (c.stop && c.at >= *c.stop);
    return {over ? status::finished : status::waiting, nullptr, c.at};
  }
  if (c.at < ring_.first() && options_.lag == lag_policy::reread) {
    return {status::behind, nullptr, c.at};
  }
  batch_ptr frames = make_batch(c, to);
  return {status::ready, std::move(frames), c.at};
}

batch_ptr fanout::make_batch(cursor& c, sequence to) {
  if (c.at < ring_.first()) {
    auto made = std::make_shared<batch>();
    const sequence resume = std::min(ring_.first(), to);
    made->skipped = resume - c.at;
    batch_builder notice;
    notice.add(options_.skip_notice(made->skipped));
    made->slices.push_back(notice.finish_slice());
    made->bytes = made->slices.front().bytes.size();
    made->frames = 1;
    c.at = ring_.gather(resume, to, options_.window, *made);
    return made;
  }
  if (!last_.frames || last_.from != c.at || last_.to != to) {
    auto made = std::make_shared<batch>();
    last_.from = c.at;
    last_.to = to;
    last_.stopped = ring_.gather(c.at, to, options_.window, *made);
    last_.frames = std::move(made);
  }
  c.at = last_.stopped;
  return last_.frames;
}

}  // namespace spillway::actors
