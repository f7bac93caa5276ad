#include "actors/asio_coordinator.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <chrono>
#include <thread>
#include <utility>

namespace spillway::actors {

namespace {

using caf::resumable;

/// Context: what CAF asks of a coordinator; enqueue() from any thread.
class asio_coordinator : public caf::scheduler::abstract_coordinator {
 public:
  asio_coordinator(caf::actor_system& sys, boost::asio::io_context& io)
      : abstract_coordinator(sys), io_(io) {}

  caf::actor_clock& clock() noexcept override { return clock_; }
  void enqueue(resumable* r) override { boost::asio::post(io_, job(this, r)); }

 protected:
  void init(caf::actor_system_config& config) override {
    abstract_coordinator::init(config);
    // A turn is bounded so that a busy actor cannot starve the sockets that share its threads.
    max_throughput_ = std::min<std::size_t>(max_throughput_, 50);
  }
  void start() override {
    timer_ = std::thread([this] { clock_.run_dispatch_loop(); });
    abstract_coordinator::start();
  }
  void stop() override {
    stop_actors();
    clock_.cancel_dispatch_loop();
    timer_.join();
    // Jobs still posted hold actors; run them down even when someone stopped the io_context early.
    while (pending_ != 0) {
      if (io_.stopped()) {
        io_.restart();
        io_.poll();
      }
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }

 private:
  struct unit : caf::execution_unit {
    explicit unit(asio_coordinator& owner) : execution_unit(&owner.system()), c(owner) {}
    void exec_later(resumable* r) override { c.enqueue(r); }
    asio_coordinator& c;
  };

  /// One turn of one actor, with the reference to it.
  struct job {
    job(asio_coordinator* owner, resumable* actor) : c(owner), r(actor) { ++c->pending_; }
    job(job&& o) noexcept : c(o.c), r(std::exchange(o.r, nullptr)) {}
    job(const job&) = delete;
    job& operator=(const job&) = delete;
    job& operator=(job&&) = delete;
    ~job() {
      if (!r) return;  // moved from or run
      c->cleanup_and_release(r);
      --c->pending_;
    }
    void operator()() {
      unit here(*c);
      resumable* actor = std::exchange(r, nullptr);
      switch (actor->resume(&here, c->max_throughput_)) {
        case resumable::resume_later:
          c->enqueue(actor);
          break;
        case resumable::shutdown_execution_unit:
          break;
        default:
          caf::intrusive_ptr_release(actor);
      }
      --c->pending_;
    }
    asio_coordinator* c;
    resumable* r;
  };

  boost::asio::io_context& io_;
  caf::detail::thread_safe_actor_clock clock_;
  std::thread timer_;
  std::atomic<std::size_t> pending_{0};
};

}  // namespace

void schedule_on(caf::actor_system_config& config, boost::asio::io_context& io) {
  config.set("scheduler.max-throughput", 50);
  config.module_factories.push_back([&io](caf::actor_system& sys) -> caf::actor_system::module* {
    return new asio_coordinator(sys, io);
  });
}

}  // namespace spillway::actors
