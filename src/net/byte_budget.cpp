#include "net/byte_budget.hpp"

namespace spillway::net {

bool byte_budget::take(std::size_t bytes) {
  auto taken = taken_.load();
  do {
    if (bytes > most_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes));
  return true;
}

bool byte_share::grow_to(std::size_t bytes) {
  if (bytes <= held_) return true;
  if (!budget_->take(bytes - held_)) return false;
  held_ = bytes;
  return true;
}

}  // namespace spillway::net
