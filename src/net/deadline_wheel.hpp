// One timer for the deadlines of all connections.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/ports/viewer_connection.hpp"

namespace spillway::net {

/// Context: its strand.
class deadline_target {
 public:
  virtual ~deadline_target() = default;
  virtual actors::viewer_connection::strand_type strand() const = 0;
  /// A deadline asked for earlier has come, up to one tick late.
  virtual void on_deadline() = 0;
};

/// Context: any thread. Holds its targets weakly: one that has gone is skipped. Its timer runs only
/// while something is scheduled. An entry cannot be taken back; see `lazy_deadline`.
class deadline_wheel : public std::enable_shared_from_this<deadline_wheel> {
 public:
  using clock = std::chrono::steady_clock;

  /// `tick` is how late a deadline may come.
  static std::shared_ptr<deadline_wheel> make(boost::asio::io_context& io, clock::duration tick);
  ~deadline_wheel();
  deadline_wheel(const deadline_wheel&) = delete;
  deadline_wheel& operator=(const deadline_wheel&) = delete;

  /// Posts `on_deadline` to the target's strand once `due` has passed.
  void schedule(std::weak_ptr<deadline_target> target, clock::time_point due);

 private:
  struct entry {
    std::weak_ptr<deadline_target> target;
    std::uint64_t tick;
  };
  struct timer;

  deadline_wheel(boost::asio::io_context& io, clock::duration tick);
  std::uint64_t tick_after(clock::time_point at) const;
  void arm();
  void turn();
  std::vector<entry> take_due(std::uint64_t now);

  const clock::duration tick_;
  const clock::time_point epoch_ = clock::now();
  std::unique_ptr<timer> timer_;

  std::mutex mutex_;
  std::vector<std::vector<entry>> slots_;
  /// The last tick that was served.
  std::uint64_t served_ = 0;
  std::size_t size_ = 0;
  bool running_ = false;
};

/// The one deadline of a target, which may be moved freely. Keeps at most about one entry in the
/// wheel. Context: the target's strand.
class lazy_deadline {
 public:
  explicit lazy_deadline(std::shared_ptr<deadline_wheel> wheel) : wheel_(std::move(wheel)) {}

  void set(const std::weak_ptr<deadline_target>& target, deadline_wheel::clock::time_point due);
  void clear() { due_.reset(); }
  /// To be called first in `on_deadline`: has the deadline come? It is cleared then.
  bool expired(const std::weak_ptr<deadline_target>& target);

 private:
  std::shared_ptr<deadline_wheel> wheel_;
  std::optional<deadline_wheel::clock::time_point> due_;
  std::optional<deadline_wheel::clock::time_point> scheduled_;
};

}  // namespace spillway::net
