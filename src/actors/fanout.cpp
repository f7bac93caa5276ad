#include "actors/fanout.hpp"

#include <algorithm>

#include "actors/batch_builder.hpp"

namespace spillway::actors {

sequence fanout::append(std::string_view payload) {
  const sequence at = ring_.append(payload);
  if (twin_) twin_->trim();
  // Everyone asks for what is new from here on; and batches would hold blocks that the ring drops.
  shared_.clear();
  line_up_served();
  return at;
}

// --- subscribers --------------------------------------------------------------------------------

void fanout::join(subscriber_id id, sequence start, protocol::payload_form form,
                  std::shared_ptr<demand> readiness) {
  leave(id);
  cursor& c = cursors_[id];
  c.id = id;
  c.readiness = std::move(readiness);
  if (form == protocol::payload_form::deflated) {
    c.on = lane::out_of_step;
    ++deflated_cursors_;
  }
  move_past_plain(c, start);
}

void fanout::leave(subscriber_id id) {
  if (auto found = cursors_.find(id); found != cursors_.end()) remove(found);
}

void fanout::remove(cursor_map::iterator gone) {
  if (gone->second.on != lane::plain && --deflated_cursors_ == 0) {
    twin_.reset();
    shared_.clear();
  }
  cursors_.erase(gone);
}

void fanout::limit(subscriber_id id, sequence stop) {
  auto found = cursors_.find(id);
  if (found == cursors_.end()) return;
  auto& its_stop = found->second.stop;
  its_stop = std::min(its_stop.value_or(stop), stop);
  if (found->second.is_linked()) move_to(line_, found->second);
}

void fanout::seal() {
  sealed_ = true;
  line_up_served();
}

void fanout::move_to(cursor_list& where, cursor& c) {
  c.unlink();
  where.push_back(c);
}

void fanout::line_up_served() {
  line_.splice(line_.end(), served_);
}

std::vector<fanout::standing> fanout::standings() const {
  std::vector<standing> all;
  all.reserve(cursors_.size());
  for (const auto& [id, c] : cursors_) {
    const sequence to = c.stop ? std::min(*c.stop, ring_.end()) : ring_.end();
    all.push_back({id, c.at < to ? to - c.at : 0, c.skipped});
  }
  return all;
}

// --- delivery -----------------------------------------------------------------------------------

fanout::answer fanout::next(subscriber_id id) {
  auto found = cursors_.find(id);
  if (found == cursors_.end()) return {};
  answer result = serve(found->second);
  if (result.what == status::finished || result.what == status::behind) remove(found);
  return result;
}

void fanout::want(subscriber_id id) {
  auto found = cursors_.find(id);
  if (found != cursors_.end() && !found->second.is_linked()) line_.push_back(found->second);
}

std::vector<fanout::delivery> fanout::pump(std::vector<delivery> recycled, std::size_t budget) {
  std::vector<delivery> out = std::move(recycled);
  out.clear();
  for (std::size_t spent = 0; spent < budget && !line_.empty();) {
    cursor& c = line_.front();
    if (c.readiness && !c.readiness->ready_or_ask()) {
      c.unlink();
      continue;
    }
    answer result = serve(c);
    if (result.what == status::waiting) continue;
    if (result.frames) spent += result.frames->bytes;
    spent += delivery_cost;
    const subscriber_id to = c.id;
    if (result.what != status::ready) leave(to);
    out.push_back({to, std::move(result)});
  }
  return out;
}

bool fanout::line_lags() const {
  if (line_.empty() || ring_.end() == ring_.first()) return false;
  const std::size_t bytes_a_frame = ring_.bytes() / (ring_.end() - ring_.first());
  return bytes_a_frame * (ring_.end() - line_.front().at) > options_.ring.bytes / 2;
}

/// What a subscriber that can take a batch gets, and its place after that.
fanout::answer fanout::serve(cursor& c) {
  answer result = answer_for(c);
  const bool ends_here = sealed_ || (c.stop && c.at >= *c.stop);
  if (result.what == status::waiting) {
    move_to(served_, c);
  } else if (c.readiness && c.at == ring_.end() && !ends_here) {
    move_to(served_, c);
    c.readiness->occupy();
  } else {
    // It is to ask for more: there is more already, or its ending, or only next() and want() tell.
    c.unlink();
    if (c.readiness) c.readiness->occupy_and_ask();
  }
  return result;
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
  const auto [from, on] = std::pair(c.at, c.on);
  auto made = std::make_shared<batch>();
  fill(c, to, *made);
  if (shared_.size() == most_shared) shared_.erase(shared_.begin());
  shared_.push_back({from, to, on, c.at, c.on, made});
  return made;
}

batch_ptr fanout::make_skip_batch(cursor& c, sequence to) {
  auto made = std::make_shared<batch>();
  const sequence resume = std::min(ring_.first(), to);
  made->skipped = resume - c.at;
  c.skipped += made->skipped;
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
