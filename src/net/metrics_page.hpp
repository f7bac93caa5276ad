// Port: what a scraper of metrics gets. Implemented by app/.
#pragma once

#include <cstdint>
#include <string>

#include "actors/streams_report.hpp"
#include "net/request_meters.hpp"

namespace spillway::net {

/// What the listener knows of itself.
struct server_figures {
  std::uint32_t viewers = 0;
  /// Connections that are no open streams.
  std::size_t connections = 0;
  std::size_t connections_limit = 0;
  /// Jobs that wait for a worker or run on one.
  std::size_t worker_jobs = 0;
  std::size_t worker_jobs_limit = 0;
  const request_meters* requests = nullptr;
};

/// Context: any thread that may block.
class metrics_page {
 public:
  virtual ~metrics_page() = default;
  /// In Prometheus' text format, version 0.0.4.
  virtual std::string render(const actors::streams_report& streams,
                             const server_figures& server) = 0;
};

}  // namespace spillway::net
