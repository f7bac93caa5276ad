// What became of all requests since the server's start.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::net {

/// Why someone who asked for a stream got none.
enum class refusal : std::uint8_t {
  /// No proper WebSocket upgrade.
  bad_request,
  origin,
  credentials,
  access,
  not_found,
  limit_user,
  limit_server,
  /// No worker was free to check, or the server is on its way down.
  busy
};
inline constexpr std::size_t refusal_count = static_cast<std::size_t>(refusal::busy) + 1;

std::string_view to_string(refusal why);

/// Context: any thread.
class request_meters {
 public:
  static constexpr unsigned first_status = 100;
  static constexpr unsigned end_status = 600;

  void answered(unsigned status) {
    if (status < first_status || status >= end_status) return;
    answers_[status - first_status].fetch_add(1, std::memory_order_relaxed);
  }
  void refused(refusal why) {
    refusals_[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
  }

  std::uint64_t answers_with(unsigned status) const {
    return answers_[status - first_status].load(std::memory_order_relaxed);
  }
  std::uint64_t refusals_for(refusal why) const {
    return refusals_[static_cast<std::size_t>(why)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, end_status - first_status> answers_{};
  std::array<std::atomic<std::uint64_t>, refusal_count> refusals_{};
};

}  // namespace spillway::net
