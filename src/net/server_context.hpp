// What all connections of one server share.
#pragma once

#include <algorithm>
#include <memory>

#include "net/app_reservations.hpp"
#include "net/byte_budget.hpp"
#include "net/connection_limits.hpp"
#include "net/deadline_wheel.hpp"
#include "net/dependencies.hpp"
#include "net/login_limiter.hpp"
#include "net/password_queue.hpp"
#include "net/request_meters.hpp"
#include "net/viewer_limits.hpp"
#include "net/worker_queue.hpp"
#include "net/ws_handshake.hpp"

namespace spillway::net {

/// Context: any thread.
struct server_context {
  server_context(dependencies all, std::shared_ptr<deadline_wheel> shared_wheel)
      : deps(all),
        workers(all.workers, all.max_worker_jobs),
        passwords(workers),
        large_bodies(std::make_shared<byte_budget>(
            std::max(all.max_large_bodies, all.settings.limits.max_body_bytes))),
        large_replies(std::make_shared<byte_budget>(all.max_large_replies)),
        viewers(std::make_shared<viewer_limits>(all.settings.limits.max_viewers,
                                                all.settings.limits.max_viewers_per_user)),
        connections(std::make_shared<connection_limits>(
            connection_limits::maxima{all.settings.limits.max_connections_per_address,
                                      all.max_connections},
            all.settings.trusted_proxies)),
        logins(std::make_shared<login_limiter>(all.settings.auth.login_attempts,
                                               all.settings.auth.lockout)),
        reservations(std::make_shared<app_reservations>()),
        wheel(std::move(shared_wheel)) {}

  const dependencies deps;
  worker_queue workers;
  password_queue passwords;
  const std::shared_ptr<byte_budget> large_bodies;
  const std::shared_ptr<byte_budget> large_replies;
  const std::shared_ptr<viewer_limits> viewers;
  const std::shared_ptr<connection_limits> connections;
  const std::shared_ptr<login_limiter> logins;
  const std::shared_ptr<app_reservations> reservations;
  const std::shared_ptr<deadline_wheel> wheel;
  request_meters requests;
  /// Of every WebSocket connection.
  const ws_timing timing{deps.settings.stream.read_deadline, deps.settings.stream.ping_interval,
                         deps.settings.stream.stall_timeout, deps.close_timeout};
};

using server_ptr = std::shared_ptr<server_context>;

}  // namespace spillway::net
