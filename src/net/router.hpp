// From a request to the route that answers it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "net/request_context.hpp"

namespace spillway::net {

/// Who may use a route.
enum class needs : std::uint8_t {
  /// Anyone; the handler runs on the I/O thread and must not block.
  nothing,
  /// Anyone; as all below it runs on the worker pool.
  worker,
  /// Any user with good credentials.
  login,
  /// The right of that name; on the app where the pattern has a `{slug}`.
  read,
  operate,
  administer
};

/// How large a request's body may be.
enum class body_size : std::uint8_t {
  /// `max_small_body_bytes`, and never more than `limits.max_body`.
  small,
  /// `limits.max_body`; all such bodies together are bounded by `dependencies::max_large_bodies`.
  large
};

inline constexpr std::size_t max_small_body_bytes = 64 << 10;

struct route {
  std::string_view method;
  /// Segments as they are, `{slug}` for the app that the right is of and that must exist,
  /// `{mentioned}` for an app that need not, `{id}` for any other name.
  std::string_view pattern;
  needs who;
  void (*handle)(const context_ptr& context);
  body_size body = body_size::small;
};

/// Every REST route.
const std::vector<route>& all_routes();

/// Known by method and path alone, before the body is read; `small` where no route has them.
body_size body_size_of(const http_request& request);

/// Finds the route, checks who sent the request, runs the handler. 404 for an unknown path, 405
/// with `Allow` for a known one. Context: any thread; does not block.
void dispatch(const server_ptr& server, http_request request, responder respond);

}  // namespace spillway::net
