// Metric families from figures that are kept elsewhere.
#pragma once

#include <prometheus/metric_family.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "actors/stream_meters.hpp"
#include "actors/streams_report.hpp"
#include "app/process_figures.hpp"
#include "config/settings.hpp"
#include "net/metrics_page.hpp"

namespace spillway::app {

using metric_families = std::vector<prometheus::MetricFamily>;

/// A viewer whose batch has been on its way for longer counts as stalled.
inline constexpr std::chrono::seconds stalled_after{5};

metric_families families_of(const actors::stream_meters& meters);
metric_families families_of(const actors::streams_report& streams, const config::settings& limits);
metric_families families_of(const net::server_figures& server, const config::settings& limits);
metric_families families_of(const process_figures& process);

}  // namespace spillway::app
