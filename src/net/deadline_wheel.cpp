#include "net/deadline_wheel.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iterator>

namespace spillway::net {
namespace {

/// Entries further away than this many ticks stay in their slot for another turn.
constexpr std::size_t wheel_slots = 256;

}  // namespace

struct deadline_wheel::timer {
  explicit timer(boost::asio::io_context& io) : steady(io) {}
  boost::asio::steady_timer steady;
};

std::shared_ptr<deadline_wheel> deadline_wheel::make(boost::asio::io_context& io,
                                                     clock::duration tick) {
  return std::shared_ptr<deadline_wheel>(new deadline_wheel(io, tick));
}

deadline_wheel::deadline_wheel(boost::asio::io_context& io, clock::duration tick)
    : tick_(std::max<clock::duration>(tick, std::chrono::milliseconds(1))),
      timer_(std::make_unique<timer>(io)),
      slots_(wheel_slots) {}

deadline_wheel::~deadline_wheel() = default;

std::uint64_t deadline_wheel::tick_after(clock::time_point at) const {
  if (at <= epoch_) return 0;
  return static_cast<std::uint64_t>((at - epoch_ + tick_ - clock::duration(1)) / tick_);
}

void deadline_wheel::schedule(std::weak_ptr<deadline_target> target, clock::time_point due) {
  std::lock_guard lock(mutex_);
  if (!running_) served_ = static_cast<std::uint64_t>((clock::now() - epoch_) / tick_);
  auto tick = std::max(tick_after(due), served_ + 1);
  slots_[tick % wheel_slots].push_back({std::move(target), tick});
  ++size_;
  if (!running_) {
    running_ = true;
    arm();
  }
}

/// Called with the mutex held, which also guards the timer.
void deadline_wheel::arm() {
  timer_->steady.expires_at(epoch_ + static_cast<clock::rep>(served_ + 1) * tick_);
  timer_->steady.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    if (auto self = weak.lock(); self && !error) self->turn();
  });
}

void deadline_wheel::turn() {
  std::vector<entry> due;
  {
    std::lock_guard lock(mutex_);
    due = take_due(static_cast<std::uint64_t>((clock::now() - epoch_) / tick_));
    running_ = size_ > 0;
    if (running_) arm();
  }
  for (auto& e : due) {
    if (auto target = e.target.lock()) {
      boost::asio::post(target->strand(), [target] { target->on_deadline(); });
    }
  }
}

std::vector<deadline_wheel::entry> deadline_wheel::take_due(std::uint64_t now) {
  std::vector<entry> due;
  // After a long pause each slot is visited once, not once a tick.
  auto first = now - std::min<std::uint64_t>(now - std::min(now, served_), wheel_slots);
  for (auto tick = first + 1; tick <= now; ++tick) {
    auto& slot = slots_[tick % wheel_slots];
    auto later =
        std::partition(slot.begin(), slot.end(), [now](const entry& e) { return e.tick > now; });
    std::move(later, slot.end(), std::back_inserter(due));
    slot.erase(later, slot.end());
    if (slot.empty() && slot.capacity() > 1024) slot.shrink_to_fit();
  }
  served_ = std::max(served_, now);
  size_ -= due.size();
  return due;
}

void lazy_deadline::set(const std::weak_ptr<deadline_target>& target,
                        deadline_wheel::clock::time_point due) {
  due_ = due;
  // An earlier entry will look at the deadline when it comes and go on from there.
  if (scheduled_ && *scheduled_ <= due) return;
  scheduled_ = due;
  wheel_->schedule(target, due);
}

bool lazy_deadline::expired(const std::weak_ptr<deadline_target>& target) {
  auto now = deadline_wheel::clock::now();
  if (scheduled_ && *scheduled_ <= now) scheduled_.reset();
  if (!due_) return false;
  if (*due_ > now) {
    set(target, *due_);
    return false;
  }
  due_.reset();
  return true;
}

}  // namespace spillway::net
