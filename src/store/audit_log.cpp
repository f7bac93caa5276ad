#include "store/audit_log.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <deque>
#include <mutex>

#include "store/database.hpp"

namespace spillway::store {
namespace {

/// How long a failing disk, or whoever holds the lock, is left alone.
constexpr std::chrono::seconds retry_pause{1};

/// What it takes in memory, about.
std::size_t bytes_of(const audit_store::event& event) {
  std::size_t bytes = sizeof event;
  if (const auto* opening = std::get_if<audit_opening>(&event)) {
    const actors::opened_stream& s = opening->stream;
    for (const auto* text : {&s.user, &s.credential, &s.address, &s.stream, &s.app, &s.detail})
      bytes += text->size();
  } else {
    bytes += std::get<actors::closed_stream>(event).reason.size();
  }
  return bytes;
}

}  // namespace

/// Context: any thread. Held by the jobs, which may outlive the log.
class audit_log::queue : public std::enable_shared_from_this<queue> {
 public:
  queue(std::shared_ptr<database> db, boost::asio::any_io_executor worker, options chosen)
      : store(std::move(db)), worker_(std::move(worker)), chosen_(chosen) {}

  void begin_at(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    next_id_ = id;
  }
  std::uint64_t take_id() {
    const std::lock_guard lock(mutex_);
    return next_id_++;
  }

  void push(audit_store::event event) {
    {
      const std::lock_guard lock(mutex_);
      waiting_bytes_ += bytes_of(event);
      waiting_.push_back(std::move(event));
      drop_oldest();
      if (scheduled_ || clock::now() < not_before_) return;
      scheduled_ = true;
    }
    boost::asio::post(worker_, [self = shared_from_this()] { self->run(); });
  }

  result<void> flush() {
    const std::lock_guard one_at_a_time(writing_);
    std::vector<audit_store::event> events = take_all();
    if (events.empty()) return {};
    auto written = store.write(events, chosen_.keep);
    if (!written) put_back(std::move(events));
    report(written);
    return written;
  }

  /// What is still queued is lost.
  void give_up() {
    std::size_t lost = 0;
    {
      const std::lock_guard lock(mutex_);
      lost = std::exchange(lost_, 0) + waiting_.size();
      waiting_.clear();
      waiting_bytes_ = 0;
    }
    report_lost(lost);
  }

  audit_store store;

 private:
  using clock = std::chrono::steady_clock;

  /// The only job there is until it ends: others would wait here for each other, and nobody else
  /// would have a worker.
  void run() {
    for (;;) {
      const bool failed = !flush();
      const std::lock_guard lock(mutex_);
      if (failed) not_before_ = clock::now() + retry_pause;
      if (!failed && !waiting_.empty()) continue;
      scheduled_ = false;
      return;
    }
  }

  std::vector<audit_store::event> take_all() {
    const std::lock_guard lock(mutex_);
    std::vector<audit_store::event> events(std::make_move_iterator(waiting_.begin()),
                                           std::make_move_iterator(waiting_.end()));
    waiting_.clear();
    waiting_bytes_ = 0;
    return events;
  }

  void put_back(std::vector<audit_store::event> events) {
    const std::lock_guard lock(mutex_);
    for (; !events.empty(); events.pop_back()) {
      waiting_bytes_ += bytes_of(events.back());
      waiting_.push_front(std::move(events.back()));
    }
    drop_oldest();
  }

  /// Context: under the mutex.
  void drop_oldest() {
    for (; waiting_bytes_ > chosen_.max_queued_bytes; waiting_.pop_front(), ++lost_)
      waiting_bytes_ -= bytes_of(waiting_.front());
  }

  /// Once when it begins to fail and once when it works again: not for each stream. Not under the
  /// mutex: whoever opens a stream must not wait for the log.
  void report(const result<void>& written) {
    std::unique_lock lock(mutex_);
    const bool news = std::exchange(failing_, !written) == bool(written);
    const std::size_t lost = written ? std::exchange(lost_, 0) : 0;
    lock.unlock();
    if (news && !written) spdlog::error("[audit] cannot be written: {}", written.error().message);
    if (news && written) spdlog::info("[audit] is written again");
    report_lost(lost);
  }

  static void report_lost(std::size_t lost) {
    if (lost != 0) spdlog::error("[audit] {} beginnings and ends of streams were lost", lost);
  }

  const boost::asio::any_io_executor worker_;
  const options chosen_;
  /// Held while events are on their way to the database, so that they get there in order.
  std::mutex writing_;
  std::mutex mutex_;
  std::deque<audit_store::event> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint64_t next_id_ = 1;
  std::size_t lost_ = 0;
  /// A job is posted or runs.
  bool scheduled_ = false;
  /// After a failure the next event after this tries again.
  clock::time_point not_before_ = clock::time_point::min();
  bool failing_ = false;
};

audit_log::audit_log(std::shared_ptr<database> db, boost::asio::any_io_executor worker,
                     options chosen)
    : queue_(std::make_shared<queue>(std::move(db), std::move(worker), chosen)) {}

audit_log::~audit_log() = default;

result<void> audit_log::begin() {
  if (auto closed = queue_->store.close_abandoned(); !closed) return closed;
  const auto next = queue_->store.next_id();
  if (!next) return tl::unexpected(next.error());
  queue_->begin_at(*next);
  return {};
}

result<void> audit_log::flush() {
  return queue_->flush();
}

result<std::vector<actors::audit_entry>> audit_log::list(const actors::audit_query& query) {
  // Where it cannot be written it can still be read; the log says so.
  (void)queue_->flush();
  return queue_->store.list(query);
}

void audit_log::end() {
  (void)queue_->flush();
  queue_->give_up();
}

std::uint64_t audit_log::opened(actors::opened_stream stream) {
  const std::uint64_t id = queue_->take_id();
  queue_->push(audit_opening{id, std::move(stream)});
  return id;
}

void audit_log::closed(actors::closed_stream stream) {
  queue_->push(std::move(stream));
}

}  // namespace spillway::store
