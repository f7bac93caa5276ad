// What the room needs from the others.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <span>

#include "actors/gateway.hpp"
#include "actors/ports/container_engine.hpp"
#include "config/settings.hpp"
#include "net/metrics_page.hpp"
#include "net/ports.hpp"
#include "net/static_file.hpp"

namespace spillway::net {

class current_tls_context;

/// All of it outlives the io_context's run.
struct dependencies {
  const config::settings& settings;
  identity& users;
  net::accounts& accounts;
  audit_trail& audit;
  app_catalog& catalog;
  actors::container_engine& engine;
  actors::gateway& gateway;
  /// A pool of threads for blocking work (`identity`, `app_catalog`).
  boost::asio::any_io_executor workers;
  /// Null: there are no metrics.
  metrics_page* metrics = nullptr;
  /// Empty: there is no dashboard.
  std::span<const static_file> dashboard{};
  /// Jobs that may wait for it: a crowd that comes back at once is one each.
  std::size_t max_worker_jobs = 4'096;
  /// How long a client may take to answer a close frame, and to read on before it.
  std::chrono::milliseconds close_timeout{5'000};
  /// What clients have to speak TLS by, asked for each connection; null for plain HTTP.
  const current_tls_context* tls = nullptr;
  /// Bytes that the large bodies (body_size) of all requests hold together, those included that
  /// are still arriving; past it the answer is 503. At least one of `limits.max_body` has room.
  std::size_t max_large_bodies = 64 << 20;
  /// Bytes that replies with a whole transcript hold together until their clients have taken them;
  /// past it the answer is 503. At least one of the longest has room.
  std::size_t max_large_replies = 128 << 20;
  /// Connections that are no open streams, of all clients together; further ones are dropped, so
  /// that they do not take the descriptors of those who watch.
  std::size_t max_connections = 20'000;
};

}  // namespace spillway::net
