// Why something did not work, and whether to try it again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace spillway::client {

enum class retry : std::uint8_t {
  /// The same request will be answered the same.
  never,
  /// Where it has worked before: it is then no mistake of whoever wrote the command.
  once_connected,
  always,
};

struct failure {
  /// One sentence, which says what to do; may hold what the server said.
  std::string sentence;
  retry again = retry::once_connected;
  /// From Retry-After.
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
  /// The request was sent, and what it did is not known.
  bool sent = false;
};

template <class T>
using result = tl::expected<T, failure>;

}  // namespace spillway::client
