#include "sim/viewers/report_plots.hpp"

#include <algorithm>

#include "sim/viewers/svg_plot.hpp"

namespace spillway::sim {

namespace {

constexpr double us_a_ms = 1'000;
constexpr double mebibyte = 1 << 20;

template <class Value>
plot_curve curve_of(const crowd_report& report, std::string name, Value value) {
  plot_curve made{std::move(name), {}};
  for (const auto& sample : report.timeline) made.points.push_back({sample.at, value(sample)});
  return made;
}

/// Of spans in which anything was measured.
template <class Value>
plot_curve latency_curve(const crowd_report& report, std::string name, Value value) {
  plot_curve made{std::move(name), {}};
  for (const auto& sample : report.timeline) {
    if (sample.latency_count > 0)
      made.points.push_back({sample.at, static_cast<double>(value(sample)) / us_a_ms});
  }
  return made;
}

double rate(std::uint64_t count, const timeline_sample& sample) {
  return sample.span > 0 ? static_cast<double>(count) / sample.span : 0;
}

std::vector<plot_mark> marks_of(const crowd_report& report) {
  std::vector<plot_mark> made;
  for (const auto& each : report.faults) {
    const std::chrono::duration<double> at = each.at - report.began;
    if (at.count() < 0 || at.count() > report.seconds) continue;
    made.push_back({at.count(), each.fault + " " + each.container});
  }
  return made;
}

std::vector<plot> delivery_plots(const crowd_report& r) {
  using sample = timeline_sample;
  return {
      {"Latency",
       "ms from printing a line to its arrival",
       {latency_curve(r, "p50", [](const sample& s) { return s.p50; }),
        latency_curve(r, "p99", [](const sample& s) { return s.p99; }),
        latency_curve(r, "max", [](const sample& s) { return s.max; })},
       {},
       true,
       0},
      {"Throughput",
       "lines/s over all viewers",
       {curve_of(r, "lines", [](const sample& s) { return rate(s.lines, s); })},
       {},
       false,
       0},
      {"Viewers",
       "at that time",
       {curve_of(r, "watching", [](const sample& s) { return static_cast<double>(s.watching); }),
        curve_of(r, "not reading", [](const sample& s) { return static_cast<double>(s.paused); }),
        curve_of(r, "away", [](const sample& s) { return static_cast<double>(s.away); })},
       {},
       false,
       0},
      {"Upgrades",
       "a second",
       {curve_of(r, "upgrades", [](const sample& s) { return rate(s.upgrades, s); })},
       {},
       false,
       0},
      {"Skipped",
       "lines/s that slow viewers were told they missed",
       {curve_of(r, "skipped", [](const sample& s) { return rate(s.skipped, s); })},
       {},
       false,
       0},
      {"Processors",
       "percent of a core",
       {curve_of(r, "simulated viewers", [](const sample& s) { return s.own_cpu; }),
        curve_of(r, "server", [](const sample& s) { return s.process_cpu; })},
       {},
       false,
       0},
  };
}

std::vector<plot> process_plots(const crowd_report& r) {
  const auto of = [](double (*value)(const process_use&)) {
    return [value](const timeline_sample& s) { return s.process ? value(*s.process) : 0; };
  };
  return {
      {"Memory of the server",
       "MiB resident",
       {curve_of(r, "resident", of([](const process_use& use) {
                   return static_cast<double>(use.resident_bytes) / mebibyte;
                 }))},
       {},
       false,
       0},
      {"Descriptors and threads of the server",
       "open at that time",
       {curve_of(r, "descriptors",
                 of([](const process_use& use) { return static_cast<double>(use.descriptors); })),
        curve_of(r, "threads",
                 of([](const process_use& use) { return static_cast<double>(use.threads); }))},
       {},
       false,
       0},
  };
}

}  // namespace

std::vector<std::pair<std::string, std::string>> plots_of(const crowd_report& report) {
  constexpr const char* names[] = {"latency", "throughput", "viewers", "upgrades",
                                   "skipped", "processors", "memory",  "descriptors"};
  auto plots = delivery_plots(report);
  const bool watched = std::any_of(report.timeline.begin(), report.timeline.end(),
                                   [](const timeline_sample& s) { return s.process.has_value(); });
  if (watched) {
    for (auto& each : process_plots(report)) plots.push_back(std::move(each));
  }
  std::vector<std::pair<std::string, std::string>> made;
  for (std::size_t i = 0; i < plots.size(); ++i) {
    plots[i].seconds = report.seconds;
    plots[i].marks = marks_of(report);
    made.emplace_back(names[i], as_svg(plots[i]));
  }
  return made;
}

}  // namespace spillway::sim
