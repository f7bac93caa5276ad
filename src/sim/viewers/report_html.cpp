#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/viewers/crowd_report.hpp"
#include "sim/viewers/report_plots.hpp"
#include "sim/viewers/svg_plot.hpp"

namespace spillway::sim {

namespace {

constexpr std::size_t flaws_on_page = 10;

constexpr std::string_view page_style =
    "<style>:root{color-scheme:light dark;--ground:#fff;--ink:#24292f;--faint:#d0d7de;"
    "--good:#1a7f37;--bad:#cf222e}"
    "@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--faint:#30363d;"
    "--good:#3fb950;--bad:#ff7b72}}"
    "body{background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif;"
    "max-width:900px;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.1rem;"
    "margin-top:2rem}table{border-collapse:collapse}td,th{padding:.15rem .9rem .15rem 0;"
    "text-align:left;vertical-align:top;border-bottom:1px solid var(--faint)}td.n{text-align:right;"
    "font-variant-numeric:tabular-nums}.good{color:var(--good)}.bad{color:var(--bad)}"
    ".verdict{font-size:1.15rem;font-weight:600}pre{white-space:pre-wrap;overflow-wrap:anywhere;"
    "border-left:3px solid var(--faint);padding-left:.8rem;font-size:.85rem}"
    "svg{max-width:100%;height:auto;margin:.4rem 0}</style>";

void append_row(std::string& out, std::string_view name, const std::string& value) {
  fmt::format_to(std::back_inserter(out), "<tr><th>{}</th><td class=\"n\">{}</td></tr>\n",
                 xml_text(name), xml_text(value));
}

void append_table(std::string& out, std::string_view title,
                  const std::map<std::string, std::uint64_t>& counts) {
  if (counts.empty()) return;
  fmt::format_to(std::back_inserter(out), "<h2>{}</h2>\n<table>\n", title);
  for (const auto& [name, count] : counts) append_row(out, name, fmt::format("{}", count));
  out += "</table>\n";
}

void append_latency_rows(std::string& out, std::string_view name, const latency_histogram& of) {
  if (of.count() == 0) return;
  append_row(out, name,
             fmt::format("p50 {}, p90 {}, p99 {}, p99.9 {}, max {}", duration_text(of.at(0.5)),
                         duration_text(of.at(0.9)), duration_text(of.at(0.99)),
                         duration_text(of.at(0.999)), duration_text(of.max())));
}

void append_figures(std::string& out, const crowd_report& r) {
  const auto& t = r.totals;
  out += "<h2>Figures</h2>\n<table>\n";
  append_row(out, "viewers", fmt::format("{}", r.viewers));
  append_row(out, "time", fmt::format("{:.1f} s", r.seconds));
  append_row(out, "lines of containers",
             fmt::format("{} ({:.0f}/s)", t.lines,
                         static_cast<double>(t.lines) / std::max(r.seconds, 1e-3)));
  append_row(out, "frames of deploys", fmt::format("{}", t.deploy_lines));
  append_row(out, "lines of the process log", fmt::format("{}", t.process_lines));
  append_row(out, "skipped", fmt::format("{} lines in {} notices", t.skipped, t.notices));
  append_row(out, "upgrades",
             fmt::format("{}, of these {} went on where they were", t.upgrades, t.resumed));
  append_latency_rows(out, "latency of a line", r.latency);
  append_latency_rows(out, "time to upgrade", r.upgrade_time);
  out += "</table>\n";
}

void append_flaws(std::string& out, const crowd_report& r) {
  if (!r.kept_flaws.empty()) out += "<h2>What was broken, the first few</h2>\n";
  for (std::size_t i = 0; i < std::min(flaws_on_page, r.kept_flaws.size()); ++i) {
    const auto& each = r.kept_flaws[i];
    fmt::format_to(std::back_inserter(out),
                   "<p class=\"bad\">{}: {}<br>viewer {} ({}), seed {}, {}</p>\n<pre>",
                   name_of(each.what.kind), xml_text(each.what.what), each.viewer,
                   name_of(each.who), each.seed, xml_text(each.stream));
    for (const auto& frame : each.last_frames) out += xml_text(frame) + "\n";
    out += "</pre>\n";
  }
}

}  // namespace

std::string as_html(const crowd_report& r) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<title>Simulated viewers</title>";
  out += page_style;
  fmt::format_to(std::back_inserter(out), "</head><body>\n<h1>Simulated viewers of {}</h1>\n",
                 xml_text(r.url));
  fmt::format_to(std::back_inserter(out), "<p class=\"verdict {}\">{}</p><p>Seed {}</p>\n",
                 r.flaws == 0 ? "good" : "bad",
                 r.flaws == 0 ? std::string("No invariant was broken.")
                              : fmt::format("Broken invariants: {}", r.flaws),
                 r.seed);
  for (const auto& remark : r.remarks)
    fmt::format_to(std::back_inserter(out), "<p>Note: {}.</p>\n", xml_text(remark));
  append_table(out, "Broken invariants", r.flaws_by_kind);
  append_figures(out, r);
  out += "<h2>Over time</h2>\n";
  for (const auto& [name, svg] : plots_of(r)) out += svg;
  append_flaws(out, r);
  append_table(out, "Viewers", r.behaviours);
  append_table(out, "Ends of connections", r.ends);
  append_table(out, "What happened", r.deeds);
  return out + "</body></html>\n";
}

}  // namespace spillway::sim
