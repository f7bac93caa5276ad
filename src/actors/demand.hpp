// Whether a viewer can take a batch.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace spillway::actors {

/// Shared by a viewer's session and its publisher, so that a viewer who keeps up costs one message
/// a batch and not two: the publisher looks here before it sends, and a session that is done with
/// a batch sends `next_batch` only where the publisher waits for it.
///
///   ready --occupy--> busy --release--> ready
///                       └--asks, or occupy_and_ask--> asked --release, tells to send--> ready
///
/// Context: `release` the session; everything else the publisher.
class demand {
 public:
  using clock = std::chrono::steady_clock;

  /// A batch is on its way to the session.
  void occupy() {
    since_ = clock::now();
    state_.store(state::busy, std::memory_order_relaxed);
  }
  /// The same; the session will send `next_batch` when its socket has taken it.
  void occupy_and_ask() {
    since_ = clock::now();
    state_.store(state::asked, std::memory_order_relaxed);
  }
  /// Whether it can take a batch. If not, the session will send `next_batch` as soon as it can.
  bool ready_or_ask() {
    auto seen = state::busy;
    return !state_.compare_exchange_strong(seen, state::asked, std::memory_order_acq_rel) &&
           seen == state::ready;
  }

  /// The socket has taken the batch. True where `next_batch` is to be sent.
  bool release() {
    return state_.exchange(state::ready, std::memory_order_acq_rel) == state::asked;
  }

  /// How long a batch has been on its way; nothing where none is.
  std::optional<clock::duration> occupied_for(clock::time_point now) const {
    if (state_.load(std::memory_order_relaxed) == state::ready) return std::nullopt;
    return now - since_;
  }

 private:
  enum class state : std::uint8_t { ready, busy, asked };
  std::atomic<state> state_{state::ready};
  clock::time_point since_{};
};

}  // namespace spillway::actors
