#include "sim/viewers/crowd_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "protocol/timestamp.hpp"

namespace spillway::sim {

namespace {

constexpr std::size_t flaws_in_text = 5;

std::string time_text(std::chrono::system_clock::time_point at) {
  return protocol::format_rfc3339_milli(
      std::chrono::time_point_cast<protocol::timestamp::duration>(at));
}

template <class Counts>
void append_counts(std::string& out, std::string_view title, const Counts& counts) {
  if (counts.empty()) return;
  fmt::format_to(std::back_inserter(out), "\n{}\n", title);
  for (const auto& [name, count] : counts)
    fmt::format_to(std::back_inserter(out), "  {:>10}  {}\n", count, name);
}

void append_latency(std::string& out, std::string_view title, const latency_histogram& of) {
  if (of.count() == 0) return;
  fmt::format_to(std::back_inserter(out),
                 "{:<15} p50 {}, p90 {}, p99 {}, p99.9 {}, max {} ({} measured)\n", title,
                 duration_text(of.at(0.5)), duration_text(of.at(0.9)), duration_text(of.at(0.99)),
                 duration_text(of.at(0.999)), duration_text(of.max()), of.count());
}

void append_flaw(std::string& out, const broken_invariant& flaw) {
  fmt::format_to(std::back_inserter(out), "  {} {}: {}\n    viewer {} ({}), seed {}, {}\n",
                 time_text(flaw.at), name_of(flaw.what.kind), flaw.what.what, flaw.viewer,
                 name_of(flaw.who), flaw.seed, flaw.stream);
  for (const auto& frame : flaw.last_frames)
    fmt::format_to(std::back_inserter(out), "    | {}\n", frame);
}

using ordered = nlohmann::ordered_json;

/// Frames are cut at some byte, which may be in the middle of a character.
std::string dumped(const ordered& value) {
  return value.dump(2, ' ', false, ordered::error_handler_t::replace);
}

ordered as_json_value(const latency_histogram& of) {
  return {{"count", of.count()},   {"p50_us", of.at(0.5)},    {"p90_us", of.at(0.9)},
          {"p99_us", of.at(0.99)}, {"p999_us", of.at(0.999)}, {"max_us", of.max()}};
}

ordered as_json_value(const broken_invariant& flaw) {
  return {{"at", time_text(flaw.at)}, {"kind", name_of(flaw.what.kind)}, {"what", flaw.what.what},
          {"viewer", flaw.viewer},    {"behaviour", name_of(flaw.who)},  {"seed", flaw.seed},
          {"stream", flaw.stream},    {"last_frames", flaw.last_frames}};
}

ordered as_json_value(const scores& s) {
  return {{"lines", s.lines},
          {"repeated_on_return", s.repeated},
          {"lines_without_number", s.headless},
          {"deploy_frames", s.deploy_lines},
          {"process_log_lines", s.process_lines},
          {"bytes", s.bytes},
          {"skip_notices", s.notices},
          {"skipped_lines", s.skipped},
          {"upgrades", s.upgrades},
          {"returns", s.resumed},
          {"error_frames", s.errors}};
}

ordered as_json_value(const timeline_sample& s) {
  ordered made{{"at_s", s.at},           {"span_s", s.span},
               {"lines", s.lines},       {"skipped", s.skipped},
               {"upgrades", s.upgrades}, {"broken", s.flaws},
               {"p50_us", s.p50},        {"p99_us", s.p99},
               {"max_us", s.max},        {"upgrade_p99_us", s.upgrade_p99},
               {"watching", s.watching}, {"not_reading", s.paused},
               {"away", s.away},         {"own_cpu_percent", s.own_cpu},
               {"own_lag_us", s.own_lag}};
  if (!s.process) return made;
  made["server_resident_bytes"] = s.process->resident_bytes;
  made["server_descriptors"] = s.process->descriptors;
  made["server_threads"] = s.process->threads;
  made["server_cpu_percent"] = s.process_cpu;
  return made;
}

template <class List>
ordered as_json_list(const List& list) {
  auto made = ordered::array();
  for (const auto& each : list) made.push_back(as_json_value(each));
  return made;
}

}  // namespace

std::string duration_text(std::uint64_t microseconds) {
  const auto us = static_cast<double>(microseconds);
  if (us < 1'000) return fmt::format("{} us", microseconds);
  if (us < 100'000) return fmt::format("{:.1f} ms", us / 1e3);
  if (us < 1'000'000) return fmt::format("{:.0f} ms", us / 1e3);
  return fmt::format("{:.1f} s", us / 1e6);
}

std::string as_text(const crowd_report& r) {
  std::string out =
      fmt::format("{} viewers for {:.1f} s at {}, seed {}\n", r.viewers, r.seconds, r.url, r.seed);
  const auto& t = r.totals;
  const double seconds = std::max(r.seconds, 1e-3);
  fmt::format_to(std::back_inserter(out),
                 "lines           {} of containers ({:.0f}/s), {} of deploys, {} of the process "
                 "log; {:.1f} MiB\n"
                 "skipped         {} lines in {} notices\n"
                 "connections     {} upgraded, of these {} went on where they were, {} lines twice "
                 "on purpose\n",
                 t.lines, static_cast<double>(t.lines) / seconds, t.deploy_lines, t.process_lines,
                 static_cast<double>(t.bytes) / (1 << 20), t.skipped, t.notices, t.upgrades,
                 t.resumed, t.repeated);
  if (t.headless > 0) {
    fmt::format_to(std::back_inserter(out), "without number  {} lines\n", t.headless);
  }
  append_latency(out, "latency", r.latency);
  append_latency(out, "upgrade", r.upgrade_time);
  append_counts(out, "viewers", r.behaviours);
  append_counts(out, "ends of connections", r.ends);
  append_counts(out, "what happened", r.deeds);
  for (const auto& remark : r.remarks)
    fmt::format_to(std::back_inserter(out), "\nnote: {}\n", remark);
  if (r.flaws == 0) return out + "\nno invariant was broken\n";
  append_counts(out, fmt::format("BROKEN INVARIANTS: {}", r.flaws), r.flaws_by_kind);
  out += '\n';
  for (std::size_t i = 0; i < std::min(flaws_in_text, r.kept_flaws.size()); ++i)
    append_flaw(out, r.kept_flaws[i]);
  return out;
}

std::string as_json(const crowd_report& r) {
  ordered made{{"seed", r.seed},
               {"url", r.url},
               {"viewers", r.viewers},
               {"behaviours", r.behaviours},
               {"streams", r.streams},
               {"began", time_text(r.began)},
               {"seconds", r.seconds},
               {"totals", as_json_value(r.totals)},
               {"latency", as_json_value(r.latency)},
               {"upgrade", as_json_value(r.upgrade_time)},
               {"ends", r.ends},
               {"what_happened", r.deeds},
               {"remarks", r.remarks},
               {"broken", r.flaws},
               {"broken_by_kind", r.flaws_by_kind},
               {"broken_invariants", as_json_list(r.kept_flaws)},
               {"timeline", as_json_list(r.timeline)}};
  auto faults = ordered::array();
  for (const auto& mark : r.faults) {
    faults.push_back(
        {{"at", time_text(mark.at)}, {"fault", mark.fault}, {"container", mark.container}});
  }
  made["faults"] = std::move(faults);
  return dumped(made) + "\n";
}

}  // namespace spillway::sim
