#include "app/metric_families.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace spillway::app {

namespace {

using actors::stream_kind;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

MetricFamily family(MetricType type, std::string name, std::string help) {
  return {std::move(name), std::move(help), type, {}};
}
MetricFamily counter(std::string name, std::string help) {
  return family(MetricType::Counter, std::move(name), std::move(help));
}
MetricFamily gauge(std::string name, std::string help) {
  return family(MetricType::Gauge, std::move(name), std::move(help));
}

template <class Number>
void add(MetricFamily& to, labels with, Number value) {
  ClientMetric metric;
  metric.label = std::move(with);
  // The other is not looked at.
  metric.counter.value = metric.gauge.value = static_cast<double>(value);
  to.metric.push_back(std::move(metric));
}

template <class Number>
MetricFamily single(MetricFamily made, Number value) {
  add(made, {}, value);
  return made;
}

labels of_stream(stream_kind kind) {
  return {{"stream", std::string(to_string(kind))}};
}

/// Of all publishers of a kind.
struct kind_figures {
  std::size_t publishers = 0;
  std::size_t viewers = 0;
  std::size_t lagging = 0;
  std::size_t stalled = 0;
  std::uint64_t most_lag = 0;
};

kind_figures figures_of(const actors::streams_report& streams, stream_kind kind) {
  kind_figures made;
  for (const auto& publisher : streams.publishers) {
    if (publisher.kind != kind) continue;
    ++made.publishers;
    made.viewers += publisher.viewers.size();
    for (const auto& viewer : publisher.viewers) {
      if (viewer.lag_lines > 0) ++made.lagging;
      if (viewer.writing_for && *viewer.writing_for > stalled_after) ++made.stalled;
      made.most_lag = std::max(made.most_lag, viewer.lag_lines);
    }
  }
  return made;
}

std::size_t deploys_in_state(const actors::streams_report& streams, std::string_view state) {
  return static_cast<std::size_t>(std::ranges::count_if(streams.publishers, [&](const auto& each) {
    return each.kind == stream_kind::deploy && each.state == state;
  }));
}

std::string code_of(actors::end_cause cause) {
  const actors::ending& row = actors::ending_for(cause);
  if (row.rest == actors::remainder::cut) return "none";
  return std::to_string(static_cast<unsigned>(row.code));
}

}  // namespace

metric_families families_of(const actors::stream_meters& meters) {
  auto lines_in = counter("spillway_lines_in_total", "Lines that sources brought.");
  auto bytes_in = counter("spillway_bytes_in_total", "Bytes of those lines, as JSON frames.");
  auto lines_out = counter("spillway_lines_out_total", "Lines that viewers' sockets took.");
  auto bytes_out = counter("spillway_bytes_out_total", "Bytes that viewers' sockets took.");
  auto skipped = counter("spillway_lines_skipped_total", "Lines that slow viewers missed.");
  for (const stream_kind kind : actors::stream_kinds) {
    const auto totals = meters.of(kind);
    add(lines_in, of_stream(kind), totals.lines_in);
    add(bytes_in, of_stream(kind), totals.bytes_in);
    add(lines_out, of_stream(kind), totals.lines_out);
    add(bytes_out, of_stream(kind), totals.bytes_out);
    add(skipped, of_stream(kind), totals.lines_skipped);
  }
  auto closes = counter("spillway_closes_total", "Streams that ended, by close code and cause.");
  for (std::size_t i = 0; i < actors::end_cause_count; ++i) {
    const auto cause = static_cast<actors::end_cause>(i);
    add(closes, {{"code", code_of(cause)}, {"cause", std::string(to_string(cause))}},
        meters.ends_by(cause));
  }
  return {lines_in, bytes_in, lines_out, bytes_out, skipped, closes};
}

metric_families families_of(const actors::streams_report& streams, const config::settings& limits) {
  auto publishers = gauge("spillway_publishers", "Publishers, each of one stream.");
  auto viewers = gauge("spillway_viewers", "Viewers that a publisher serves.");
  auto lagging = gauge("spillway_viewers_lagging", "Viewers for whom lines wait.");
  auto stalled =
      gauge("spillway_viewers_stalled", "Viewers whose socket has not taken a batch for over 5 s.");
  auto most_lag =
      gauge("spillway_viewer_lag_lines_max", "Lines that wait for the viewer furthest behind.");
  for (const stream_kind kind : actors::stream_kinds) {
    const auto figures = figures_of(streams, kind);
    add(publishers, of_stream(kind), figures.publishers);
    add(viewers, of_stream(kind), figures.viewers);
    add(lagging, of_stream(kind), figures.lagging);
    add(stalled, of_stream(kind), figures.stalled);
    add(most_lag, of_stream(kind), figures.most_lag);
  }
  std::size_t mailbox = streams.supervisor_mailbox;
  for (const auto& each : streams.publishers) mailbox = std::max(mailbox, each.mailbox);
  return {publishers,
          viewers,
          lagging,
          stalled,
          most_lag,
          single(gauge("spillway_actor_mailbox_depth_max",
                       "Messages that wait for the supervisor or publisher with the most."),
                 mailbox),
          single(gauge("spillway_deploys_running", "Deploys that run."),
                 deploys_in_state(streams, "running")),
          single(gauge("spillway_deploys_running_limit", "deploy.max_concurrent."),
                 limits.deploy.max_concurrent),
          single(gauge("spillway_deploy_queue_length", "Deploys that wait for others."),
                 deploys_in_state(streams, "queued"))};
}

metric_families families_of(const net::server_figures& server, const config::settings& limits) {
  auto refusals =
      counter("spillway_upgrade_refusals_total", "Streams that were asked for and not given.");
  for (std::size_t i = 0; i < net::refusal_count; ++i) {
    const auto why = static_cast<net::refusal>(i);
    add(refusals, {{"cause", std::string(to_string(why))}}, server.requests->refusals_for(why));
  }
  auto requests = counter("spillway_http_requests_total", "Requests answered, by status.");
  using net::request_meters;
  for (unsigned s = request_meters::first_status; s < request_meters::end_status; ++s) {
    const auto count = server.requests->answers_with(s);
    if (count > 0) add(requests, {{"code", std::to_string(s)}}, count);
  }
  return {refusals,
          requests,
          single(gauge("spillway_viewers_open", "Open streams, as limits.max_viewers counts them."),
                 server.viewers),
          single(gauge("spillway_viewers_limit", "limits.max_viewers."), limits.limits.max_viewers),
          single(gauge("spillway_connections", "Connections that are no open streams."),
                 server.connections),
          single(gauge("spillway_connections_limit", "Such connections that there may be."),
                 server.connections_limit),
          single(gauge("spillway_worker_jobs", "Jobs that wait for a worker or run on one."),
                 server.worker_jobs),
          single(gauge("spillway_worker_jobs_limit", "Such jobs that there may be."),
                 server.worker_jobs_limit)};
}

metric_families families_of(const process_figures& process) {
  return {
      single(gauge("process_resident_memory_bytes", "Resident memory."), process.resident_bytes),
      single(counter("process_cpu_seconds_total", "CPU time, user and system."),
             process.cpu_seconds),
      single(gauge("process_threads", "Threads."), process.threads),
      single(gauge("process_open_fds", "Open file descriptors."), process.open_descriptors),
      single(gauge("process_max_fds", "File descriptors that may be open."),
             process.max_descriptors),
      single(gauge("process_start_time_seconds", "Start, in seconds since the epoch."),
             process.started_at)};
}

}  // namespace spillway::app
