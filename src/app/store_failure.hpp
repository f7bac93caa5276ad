// Errors of the store as answers of HTTP routes.
#pragma once

#include "net/ports.hpp"
#include "store/error.hpp"

namespace spillway::app {

/// The sentence of an error that is about what was asked; for one that is about the server's disk
/// the caller is told only that it failed, and the log has the sentence (it names paths).
net::failure to_failure(const store::error& failed);

inline tl::unexpected<net::failure> answer(unsigned status, std::string message) {
  return tl::unexpected(net::failure{status, std::move(message)});
}

inline tl::unexpected<net::failure> answer(const store::error& failed) {
  return tl::unexpected(to_failure(failed));
}

}  // namespace spillway::app
