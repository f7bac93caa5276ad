// The server's figures for Prometheus.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <memory>
#include <string>
#include <string_view>

#include "actors/ports/container_engine.hpp"
#include "actors/ports/deploy_journal.hpp"
#include "actors/stream_meters.hpp"
#include "config/settings.hpp"
#include "net/metrics_page.hpp"

namespace spillway::app {

/// Counts what passes through ports, and renders that with what others count. The names are
/// described in docs/metrics.md. Context: any thread; `render` one that may block.
class metrics : public net::metrics_page {
 public:
  metrics(const config::settings& settings, std::shared_ptr<const actors::stream_meters> meters);

  std::string render(const actors::streams_report& streams,
                     const net::server_figures& server) override;

  /// `call`: `list` or `logs`.
  void engine_called(std::string_view call);
  void engine_failed(std::string_view call, const actors::engine_error& error);
  /// A run is recorded as ended.
  void deploy_ended(const actors::deploy_record& record);

 private:
  void begin_at_zero();

  const config::settings& settings_;
  const std::shared_ptr<const actors::stream_meters> meters_;
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& engine_calls_;
  prometheus::Family<prometheus::Counter>& engine_errors_;
  prometheus::Family<prometheus::Counter>& deploys_;
  prometheus::Histogram& deploy_seconds_;
};

}  // namespace spillway::app
