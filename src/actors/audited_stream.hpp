// One stream's part in the audit.
#pragma once

#include <cstdint>

#include "actors/dependencies.hpp"
#include "actors/gateway.hpp"
#include "actors/termination.hpp"

namespace spillway::actors {

opened_stream opened_stream_of(const viewer_identity& from, const protocol::stream_request& wanted,
                               protocol::timestamp now);

/// Tells the audit of the stream's beginning when it is made, and of its end once: at `close`, or
/// when it goes without that. Context: one thread at a time: the supervisor's, then the session's.
class audited_stream {
 public:
  audited_stream(const dependencies& deps, opened_stream stream)
      : deps_(&deps), id_(deps.audit.opened(std::move(stream))) {}
  ~audited_stream() { close(end_cause::publisher_failed); }
  audited_stream(audited_stream&& other) noexcept
      : deps_(std::exchange(other.deps_, nullptr)), id_(other.id_) {}
  audited_stream& operator=(audited_stream&&) = delete;

  /// The socket has taken so many frames more.
  void count(std::uint64_t lines, std::uint64_t bytes) {
    lines_ += lines;
    bytes_ += bytes;
  }
  void close(end_cause cause);

 private:
  /// Null once the end was told.
  const dependencies* deps_;
  std::uint64_t id_;
  std::uint64_t lines_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace spillway::actors
