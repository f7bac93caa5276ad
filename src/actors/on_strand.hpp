// An actor that runs where its socket does.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <optional>
#include <utility>

namespace spillway::actors {

/// Mixes into a CAF actor that its handlers run on a strand, so that they may touch whatever lives
/// there without a lock or another hop. Without a strand (deterministic tests) the actor runs on
/// the system's scheduler like any other. Context of the constructor: spawn.
template <class Base>
class on_strand : public Base {
 public:
  using strand_type = boost::asio::strand<boost::asio::io_context::executor_type>;

  on_strand(caf::actor_config& cfg, std::optional<strand_type> strand) : Base(cfg) {
    if (strand) unit_.emplace(&cfg.host->system(), this, std::move(*strand));
  }

  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* host) override {
    Base::enqueue(std::move(message), unit_ ? &*unit_ : host);
  }
  void launch(caf::execution_unit* host, bool lazy, bool hide) override {
    Base::launch(unit_ ? &*unit_ : host, lazy, hide);
  }

  /// Where it runs; null without a strand. May be called from any thread.
  const strand_type* strand() const { return unit_ ? &unit_->strand : nullptr; }

 private:
  /// How many messages the actor may handle before others on the same thread get their turn.
  static constexpr std::size_t turn = 50;

  struct unit : caf::execution_unit {
    unit(caf::actor_system* sys, caf::resumable* actor, strand_type s)
        : execution_unit(sys), owner(actor), strand(std::move(s)) {}
    void exec_later(caf::resumable* job) override {
      if (job != owner) return system().scheduler().enqueue(job);
      // The job holds a reference to the actor, and with it to *this.
      boost::asio::post(strand, [this, job] {
        switch (job->resume(this, turn)) {
          case caf::resumable::resume_later:
            exec_later(job);
            break;
          case caf::resumable::shutdown_execution_unit:
            break;
          default:
            caf::intrusive_ptr_release(job);
        }
      });
    }
    caf::resumable* owner;
    strand_type strand;
  };
  std::optional<unit> unit_;
};

}  // namespace spillway::actors
