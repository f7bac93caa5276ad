#include "app/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "app/metric_families.hpp"

namespace spillway::app {

namespace {

/// Seconds: of a restart, of a pull, of one that hangs.
const prometheus::Histogram::BucketBoundaries deploy_buckets{1,  2,   5,   10,  20,   30,
                                                             60, 120, 300, 600, 1200, 3600};

std::string_view text_of(actors::engine_errc code) {
  switch (code) {
    case actors::engine_errc::not_found:
      return "not_found";
    case actors::engine_errc::unavailable:
      return "unavailable";
    case actors::engine_errc::refused:
      return "refused";
    case actors::engine_errc::bad_answer:
      break;
  }
  return "bad_answer";
}

void append(metric_families& to, metric_families more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

}  // namespace

metrics::metrics(const config::settings& settings,
                 std::shared_ptr<const actors::stream_meters> meters)
    : settings_(settings),
      meters_(std::move(meters)),
      engine_calls_(prometheus::BuildCounter()
                        .Name("spillway_engine_calls_total")
                        .Help("What was asked of the Docker Engine.")
                        .Register(registry_)),
      engine_errors_(prometheus::BuildCounter()
                         .Name("spillway_engine_errors_total")
                         .Help("What the Docker Engine failed to answer.")
                         .Register(registry_)),
      deploys_(prometheus::BuildCounter()
                   .Name("spillway_deploys_total")
                   .Help("Runs of compose that ended, by what was asked for and how it ended.")
                   .Register(registry_)),
      deploy_seconds_(prometheus::BuildHistogram()
                          .Name("spillway_deploy_duration_seconds")
                          .Help("From a run's registration to its end, the wait in line included.")
                          .Register(registry_)
                          .Add({}, deploy_buckets)) {
  prometheus::BuildGauge()
      .Name("spillway_build_info")
      .Help("Always 1; the version is in the label.")
      .Register(registry_)
      .Add({{"version", SPILLWAY_VERSION}})
      .Set(1);
  begin_at_zero();
}

/// A series that begins with its first event has no rise that a rule could see.
void metrics::begin_at_zero() {
  for (const char* call : {"list", "logs"}) {
    engine_calls_.Add({{"call", call}});
    for (const auto code : {actors::engine_errc::not_found, actors::engine_errc::unavailable,
                            actors::engine_errc::refused, actors::engine_errc::bad_answer}) {
      engine_errors_.Add({{"call", call}, {"error", std::string(text_of(code))}});
    }
  }
  for (const char* action :
       {"deploy", "pull", "restart", "stop", "start", "scale", "rollback", "down"}) {
    for (const char* status : {"success", "failed", "cancelled"})
      deploys_.Add({{"action", action}, {"status", status}});
  }
}

std::string metrics::render(const actors::streams_report& streams,
                            const net::server_figures& server) {
  metric_families all = families_of(*meters_);
  append(all, families_of(streams, settings_));
  append(all, families_of(server, settings_));
  append(all, registry_.Collect());
  append(all, families_of(read_process_figures()));
  return prometheus::TextSerializer().Serialize(all);
}

void metrics::engine_called(std::string_view call) {
  engine_calls_.Add({{"call", std::string(call)}}).Increment();
}

void metrics::engine_failed(std::string_view call, const actors::engine_error& error) {
  engine_errors_.Add({{"call", std::string(call)}, {"error", std::string(text_of(error.code))}})
      .Increment();
}

void metrics::deploy_ended(const actors::deploy_record& record) {
  deploys_.Add({{"action", record.action}, {"status", record.status}}).Increment();
  // By the wall clock, which may have been set back meanwhile: a sum must not fall.
  const std::chrono::duration<double> took = record.finished_at - record.started_at;
  deploy_seconds_.Observe(std::max(0.0, took.count()));
}

}  // namespace spillway::app
