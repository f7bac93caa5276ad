#include "actors/fanout.hpp"

#include <algorithm>

#include "actors/batch_builder.hpp"

namespace spillway::actors {

sequence fanout::append(std::string_view payload) {
  const sequence at = ring_.append(payload);
  if (twin_) twin_->trim();
  // Everyone asks for what is new from here on; and batches would hold blocks that the ring drops.
  shared_.clear();
  return at;
}

// --- subscribers --------------------------------------------------------------------------------

void fanout::join(subscriber_id id, sequence start, protocol::payload_form form) {
  leave(id);
  cursor c;
  c.id = id;
  if (form == protocol::payload_form::deflated) {
    c.on = lane::out_of_step;
    ++deflated_cursors_;
  }
  move_past_plain(c, start);
  cursors_.emplace(id, c);
}

void fanout::leave(subscriber_id id) {
  if (auto found = cursors_.find(id); found != cursors_.end()) remove(found);
}

void fanout::remove(cursor_map::iterator gone) {
  wake(gone->second);
  if (gone->second.on != lane::plain && --deflated_cursors_ == 0) {
    twin_.reset();
    shared_.clear();
  }
  cursors_.erase(gone);
}

void fanout::limit(subscriber_id id, sequence stop) {
  if (auto found = cursors_.find(id); found != cursors_.end()) found->second.stop = stop;
}

void fanout::wait(cursor& c) {
  if (c.waits_at != not_waiting) return;
  c.waits_at = waiting_.size();
  waiting_.push_back(&c);
}

void fanout::wake(cursor& c) {
  if (c.waits_at == not_waiting) return;
  waiting_[c.waits_at] = waiting_.back();
  waiting_[c.waits_at]->waits_at = c.waits_at;
  waiting_.pop_back();
  c.waits_at = not_waiting;
}

// --- delivery -----------------------------------------------------------------------------------

fanout::answer fanout::next(subscriber_id id) {
  auto found = cursors_.find(id);
  if (found == cursors_.end()) return {};
  answer result = answer_for(found->second);
  if (result.what == status::waiting) {
    wait(found->second);
  } else {
    wake(found->second);
  }
  if (result.what == status::finished || result.what == status::behind) remove(found);
  return result;
}

std::vector<fanout::delivery> fanout::pump(std::vector<delivery> recycled) {
  std::vector<delivery> out = std::move(recycled);
  out.clear();
  std::size_t still_waiting = 0;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    cursor& c = *waiting_[i];
    answer result = answer_for(c);
    if (result.what == status::waiting) {
      c.waits_at = still_waiting;
      waiting_[still_waiting++] = &c;
      continue;
    }
    c.waits_at = not_waiting;
    out.push_back({c.id, std::move(result)});
  }
  waiting_.resize(still_waiting);
  for (const delivery& d : out) {
    if (d.what.what != status::ready) leave(d.to);
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
  batch_ptr frames = c.at < ring_.first() ? make_skip_batch(c, to) : make_batch(c, to);
  return {status::ready, std::move(frames), c.at};
}

// --- batches ------------------------------------------------------------------------------------

batch_ptr fanout::make_batch(cursor& c, sequence to) {
  for (const shared_batch& s : shared_) {
    if (s.from != c.at || s.to != to || s.on != c.on) continue;
    c.at = s.stopped;
    c.on = s.then_on;
    return s.frames;
  }
  const cursor before = c;
  auto made = std::make_shared<batch>();
  fill(c, to, *made);
  if (shared_.size() == most_shared) shared_.erase(shared_.begin());
  shared_.push_back({before.at, to, before.on, c.at, c.on, made});
  return made;
}

batch_ptr fanout::make_skip_batch(cursor& c, sequence to) {
  auto made = std::make_shared<batch>();
  const sequence resume = std::min(ring_.first(), to);
  made->skipped = resume - c.at;
  batch_builder notice;
  notice.add(options_.skip_notice(made->skipped));
  made->slices.push_back(notice.finish_slice());
  made->bytes = made->slices.front().bytes.size();
  made->frames = 1;
  move_past_plain(c, resume);
  fill(c, to, *made);
  return made;
}

void fanout::fill(cursor& c, sequence to, batch& out) {
  deflated_ring* twin = c.at < to ? twin_for(c) : nullptr;
  if (!twin) return fill_plain(c, to, out);
  if (c.on != lane::in_step || !twin->can_go_on(c.at)) {
    const sequence entry = twin->entry(c.at);
    fill_plain(c, std::min(entry, to), out);
    if (c.at != entry) return;
  }
  c.at = twin->gather(c.at, to, options_.window, out);
  // Compressed frames that are still being caught up with are not waited for.
  if (out.frames == 0) fill_plain(c, to, out);
}

void fanout::fill_plain(cursor& c, sequence to, batch& out) {
  move_past_plain(c, ring_.gather(c.at, to, options_.window, out));
}

/// What comes before `at` the subscriber had in plain frames, or not at all.
void fanout::move_past_plain(cursor& c, sequence at) {
  c.at = at;
  if (c.on == lane::plain) return;
  c.on = deflated_ring::starts_segment(at) ? lane::in_step : lane::out_of_step;
}

/// The compressed frames, for a subscriber who takes such; null without memory for their context.
deflated_ring* fanout::twin_for(const cursor& c) {
  if (c.on == lane::plain) return nullptr;
  if (!twin_) {
    auto context = deflater::make(options_.deflate_level);
    if (!context) return nullptr;
    twin_.emplace(ring_, std::move(*context), c.at);
  }
  return &*twin_;
}

}  // namespace spillway::actors
