// The TLS context of new connections, which may be replaced while the server runs.
#pragma once

#include <mutex>
#include <utility>

#include "net/tls_context.hpp"

namespace spillway::net {

/// Context: any thread. Connections that exist keep the context they were accepted with.
class current_tls_context {
 public:
  explicit current_tls_context(tls_context_ptr first) : context_(std::move(first)) {}

  tls_context_ptr get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void replace(tls_context_ptr next) {
    const std::lock_guard lock(mutex_);
    // The old one, which may be the last share, goes after the lock does.
    context_.swap(next);
  }

 private:
  mutable std::mutex mutex_;
  tls_context_ptr context_;
};

}  // namespace spillway::net
