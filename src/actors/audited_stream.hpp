// One stream's part in the audit and in the meters.
#pragma once

#include <cstdint>

#include "actors/dependencies.hpp"
#include "actors/gateway.hpp"
#include "actors/termination.hpp"

namespace spillway::actors {

opened_stream opened_stream_of(const viewer_identity& from, const protocol::stream_request& wanted,
                               protocol::timestamp now);

/// Counts what the viewer gets, and tells the audit of the stream's beginning when it is made, and
/// of its end once: at `close`, or when it goes without that. Context: one thread at a time: the
/// supervisor's, then the session's.
class audited_stream {
 public:
  audited_stream(const dependencies& deps, opened_stream stream, stream_kind kind)
      : deps_(&deps), kind_(kind), id_(deps.audit.opened(std::move(stream))) {}
  ~audited_stream() { close(end_cause::publisher_failed); }
  audited_stream(audited_stream&& other) noexcept
      : deps_(std::exchange(other.deps_, nullptr)), kind_(other.kind_), id_(other.id_) {}
  audited_stream& operator=(audited_stream&&) = delete;

  /// The socket has taken these.
  struct taken {
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    std::uint64_t skipped = 0;
  };
  void count(const taken& more) {
    lines_ += more.lines;
    bytes_ += more.bytes;
    if (deps_ != nullptr) deps_->meters->went_out(kind_, more.lines, more.bytes, more.skipped);
  }
  void close(end_cause cause);

 private:
  /// Null once the end was told.
  const dependencies* deps_;
  stream_kind kind_;
  std::uint64_t id_;
  std::uint64_t lines_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace spillway::actors
