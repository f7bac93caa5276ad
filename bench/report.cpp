#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace spillway::bench {
namespace {

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

/// `8,012,000` or `6.43`: three digits or whole.
std::string number(double value) {
  if (std::fabs(value) < 1000) {
    const int digits = std::fabs(value) < 10 ? 2 : std::fabs(value) < 100 ? 1 : 0;
    return fmt::format("{:.{}f}", value, digits);
  }
  std::string text = fmt::format("{:.0f}", value);
  for (std::size_t at = text.size(); at > (value < 0 ? 4U : 3U);) text.insert(at -= 3, ",");
  return text;
}

std::string number(std::optional<double> value) {
  return value ? number(*value) : "-";
}

std::string target_text(const target& wanted) {
  std::vector<std::string> parts;
  if (wanted.at_least) parts.push_back(">= " + number(*wanted.at_least));
  if (wanted.at_most) parts.push_back("<= " + number(*wanted.at_most));
  if (wanted.at_least_times_baseline) {
    parts.push_back(fmt::format(">= {:g} x baseline", *wanted.at_least_times_baseline));
  }
  if (wanted.at_most_times_baseline) {
    parts.push_back(fmt::format("<= {:g} x baseline", *wanted.at_most_times_baseline));
  }
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, ", "));
}

/// Nothing where there is no target, or not what it takes to say.
std::optional<bool> met(const figure& f) {
  const auto server = median(f.server);
  const auto baseline = median(f.baseline);
  const auto& t = f.wanted;
  if (!server) return std::nullopt;
  bool any = false;
  bool all = true;
  const auto expect = [&](const std::optional<double>& bound, bool at_least,
                          const std::optional<double>& factor) {
    if (!bound || !factor) return;
    any = true;
    all = all && (at_least ? *server >= *bound * *factor : *server <= *bound * *factor);
  };
  expect(t.at_least, true, 1.0);
  expect(t.at_most, false, 1.0);
  expect(t.at_least_times_baseline, true, baseline);
  expect(t.at_most_times_baseline, false, baseline);
  return any ? std::optional(all) : std::nullopt;
}

std::string met_text(const figure& f) {
  const auto result = met(f);
  return !result ? "-" : *result ? "met" : "MISSED";
}

std::string ratio_text(const figure& f) {
  const auto server = median(f.server);
  const auto baseline = median(f.baseline);
  return server && baseline && *baseline > 0 ? fmt::format("{:.2f}", *server / *baseline) : "-";
}

}  // namespace

figure& report::find(const std::string& name) {
  for (auto& f : figures_) {
    if (f.name == name) return f;
  }
  figures_.push_back({name, {}, {}, {}, {}, {}});
  return figures_.back();
}

void report::add(const std::string& name, const std::string& unit, const target& wanted, side whose,
                 double value) {
  figure& f = find(name);
  f.unit = unit;
  f.wanted = wanted;
  (whose == side::server ? f.server : f.baseline).push_back(value);
}

void report::note(const std::string& name, const std::string& text) {
  auto& notes = find(name).notes;
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
}

std::string report::table() const {
  using row = std::array<std::string, 7>;
  std::vector<row> rows{{"figure", "unit", "server", "baseline", "ratio", "target", ""}};
  for (const auto& f : figures_) {
    rows.push_back({f.name, f.unit, number(median(f.server)), number(median(f.baseline)),
                    ratio_text(f), target_text(f.wanted), met_text(f)});
  }
  std::array<std::size_t, 7> widths{};
  for (const auto& r : rows) {
    for (std::size_t i = 0; i < r.size(); ++i) widths[i] = std::max(widths[i], r[i].size());
  }
  std::string out;
  for (const auto& r : rows) {
    out += fmt::format("{:<{}}  {:<{}}  {:>{}}  {:>{}}  {:>{}}  {:<{}}  {}\n", r[0], widths[0],
                       r[1], widths[1], r[2], widths[2], r[3], widths[3], r[4], widths[4], r[5],
                       widths[5], r[6]);
  }
  for (const auto& f : figures_) {
    for (const auto& note : f.notes) out += fmt::format("{}: {}\n", f.name, note);
  }
  return out;
}

std::string report::json() const {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& f : figures_) {
    nlohmann::json one{
        {"name", f.name},     {"unit", f.unit},         {"target", target_text(f.wanted)},
        {"server", f.server}, {"baseline", f.baseline}, {"notes", f.notes}};
    one["met"] = met(f) ? nlohmann::json(*met(f)) : nlohmann::json();
    all.push_back(std::move(one));
  }
  return nlohmann::json{{"figures", std::move(all)}}.dump(2) + "\n";
}

}  // namespace spillway::bench
