// A bound on the bytes that many requests hold together.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace spillway::net {

/// Context: any thread. Made with make_shared; shares keep it alive.
class byte_budget {
 public:
  explicit byte_budget(std::size_t most) : most_(most) {}

  /// False, and nothing taken, where it would be more than the most.
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes) { taken_.fetch_sub(bytes); }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

/// What one request holds of a budget, given back when it dies. Context: one thread at a time.
class byte_share {
 public:
  explicit byte_share(std::shared_ptr<byte_budget> budget) : budget_(std::move(budget)) {}
  ~byte_share() { budget_->give_back(held_); }
  byte_share(const byte_share&) = delete;
  byte_share& operator=(const byte_share&) = delete;

  /// Holds so many bytes in all, if there is room for them; never less than before.
  bool grow_to(std::size_t bytes);

 private:
  const std::shared_ptr<byte_budget> budget_;
  std::size_t held_ = 0;
};

}  // namespace spillway::net
