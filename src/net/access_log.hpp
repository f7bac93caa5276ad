// One line a request in the process log.
#pragma once

#include <chrono>
#include <string_view>

namespace spillway::net {

/// `[api] handled GET /api/apps in 4.2ms`: never the query, which may hold what is nobody's
/// business.
void log_handled(std::string_view method, std::string_view path,
                 std::chrono::steady_clock::duration took);

/// `[ws] opened /api/apps/shop/logs for alice`
void log_opened(std::string_view path, std::string_view user);

}  // namespace spillway::net
