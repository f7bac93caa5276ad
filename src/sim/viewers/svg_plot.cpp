#include "sim/viewers/svg_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace spillway::sim {

namespace {

constexpr double width = 860;
constexpr double height = 270;
constexpr double left = 66;
constexpr double right = 12;
constexpr double top = 46;
constexpr double bottom = 34;
constexpr std::size_t most_curves = 5;
constexpr std::size_t most_marks = 400;

/// Colours that differ also for who sees red and green alike (Okabe and Ito), with a lighter set
/// for dark grounds.
constexpr std::string_view style =
    "<style>"
    "svg{--ground:#fff;--ink:#24292f;--faint:#d0d7de;--c0:#0072b2;--c1:#d55e00;--c2:#009e73;"
    "--c3:#9a5b85;--c4:#7a6000;--mark:#cf222e}"
    "@media(prefers-color-scheme:dark){svg{--ground:#0d1117;--ink:#e6edf3;--faint:#30363d;"
    "--c0:#56b4e9;--c1:#ff9f4a;--c2:#3fd0a0;--c3:#e29bc7;--c4:#e3c84b;--mark:#ff7b72}}"
    ".ground{fill:var(--ground)}text{fill:var(--ink);font:12px system-ui,sans-serif}"
    ".title{font-weight:600;font-size:14px}.grid{stroke:var(--faint);stroke-width:1}"
    ".curve{fill:none;stroke-width:1.6;stroke-linejoin:round}"
    ".mark{stroke:var(--mark);stroke-width:1;stroke-dasharray:3 3}"
    ".c0{stroke:var(--c0)}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}"
    ".c4{stroke:var(--c4)}</style>";

/// Where values stand: from pixel `from` for `low` to pixel `to` for `high`.
struct axis {
  double low = 0;
  double high = 1;
  double from = 0;
  double to = 1;
  bool logarithmic = false;

  double place(double value) const {
    const double a = logarithmic ? std::log10(low) : low;
    const double b = logarithmic ? std::log10(high) : high;
    const double v = logarithmic ? std::log10(std::clamp(value, low, high)) : value;
    return from + (v - a) / (b - a) * (to - from);
  }
};

/// 1, 2 or 5 times a power of ten: the smallest such step that gives at most `steps`.
double nice_step(double range, double steps) {
  const double rough = range / steps;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

double largest(const plot& what) {
  double most = 0;
  for (const auto& curve : what.curves) {
    for (const auto& point : curve.points) most = std::max(most, point.value);
  }
  return most;
}

double smallest_above_0(const plot& what) {
  double least = 0;
  for (const auto& curve : what.curves) {
    for (const auto& point : curve.points) {
      if (point.value > 0 && (least == 0 || point.value < least)) least = point.value;
    }
  }
  return least;
}

axis value_axis(const plot& what) {
  axis made{0, 1, height - bottom, top, false};
  const double most = largest(what);
  if (most <= 0) return made;
  if (what.logarithmic) {
    made.logarithmic = true;
    made.low = std::pow(10, std::floor(std::log10(smallest_above_0(what))));
    made.high = std::max(std::pow(10, std::ceil(std::log10(most))), made.low * 10);
    return made;
  }
  const double step = nice_step(most, 5);
  made.high = std::ceil(most / step) * step;
  return made;
}

std::string number_text(double value) {
  if (value >= 1e6) return fmt::format("{:g}M", value / 1e6);
  if (value >= 1e4) return fmt::format("{:g}k", value / 1e3);
  return fmt::format("{:g}", value);
}

std::string clock_text(double seconds) {
  const long s = std::lround(seconds);
  if (s < 3600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::vector<double> value_ticks(const axis& y) {
  std::vector<double> ticks;
  if (y.logarithmic) {
    for (double at = y.low; at <= y.high * 1.001; at *= 10) ticks.push_back(at);
    return ticks;
  }
  const double step = nice_step(y.high - y.low, 5);
  for (double at = y.low; at <= y.high * 1.001; at += step) ticks.push_back(at);
  return ticks;
}

double time_step(double seconds) {
  for (const double step : {1., 2., 5., 10., 15., 30., 60., 120., 300., 600., 900., 1800.}) {
    if (seconds / step <= 10) return step;
  }
  return 3600 * std::ceil(seconds / 36'000);
}

void append_axes(std::string& out, const axis& x, const axis& y) {
  auto to = std::back_inserter(out);
  for (const double value : value_ticks(y)) {
    fmt::format_to(to,
                   R"(<line class="grid" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)"
                   R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)",
                   x.from, y.place(value), x.to, y.place(value), x.from - 6, y.place(value) + 4,
                   number_text(value));
  }
  const double step = time_step(x.high);
  for (double at = 0; at <= x.high * 1.001; at += step) {
    fmt::format_to(to, R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", x.place(at),
                   height - bottom + 18, clock_text(at));
  }
}

void append_marks(std::string& out, const plot& what, const axis& x, const axis& y) {
  const auto count = std::min(what.marks.size(), most_marks);
  for (std::size_t i = 0; i < count; ++i) {
    // Where there are too many, as many of them, evenly.
    const auto& mark = what.marks[i * what.marks.size() / count];
    if (mark.at < 0 || mark.at > x.high) continue;
    fmt::format_to(std::back_inserter(out),
                   R"(<line class="mark" x1="{0:.1f}" y1="{1:.1f}" x2="{0:.1f}" y2="{2:.1f}">)"
                   "<title>{3}</title></line>",
                   x.place(mark.at), y.from, y.to, xml_text(mark.text));
  }
}

void append_curve(std::string& out, const plot_curve& curve, std::size_t colour, const axis& x,
                  const axis& y) {
  if (curve.points.empty()) return;
  fmt::format_to(std::back_inserter(out), R"(<polyline class="curve c{}" points=")", colour);
  for (const auto& point : curve.points) {
    fmt::format_to(std::back_inserter(out), "{:.1f},{:.1f} ", x.place(point.at),
                   y.place(point.value));
  }
  fmt::format_to(std::back_inserter(out), R"("><title>{}</title></polyline>)",
                 xml_text(curve.name));
}

void append_legend(std::string& out, const plot& what) {
  constexpr double letter = 7;
  double at = left;
  for (std::size_t i = 0; i < std::min(what.curves.size(), most_curves); ++i) {
    const auto& name = what.curves[i].name;
    fmt::format_to(std::back_inserter(out),
                   R"(<line class="curve c{}" x1="{:.0f}" y1="33" x2="{:.0f}" y2="33"/>)"
                   R"(<text x="{:.0f}" y="37">{}</text>)",
                   i, at, at + 18, at + 23, xml_text(name));
    at += 42 + letter * static_cast<double>(name.size());
  }
  if (what.marks.empty()) return;
  fmt::format_to(std::back_inserter(out),
                 R"(<line class="mark" x1="{:.0f}" y1="33" x2="{:.0f}" y2="33"/>)"
                 R"(<text x="{:.0f}" y="37">fault of the host</text>)",
                 at, at + 18, at + 23);
}

}  // namespace

std::string xml_text(std::string_view text) {
  std::string made;
  for (const char c : text) {
    switch (c) {
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '&':
        made += "&amp;";
        break;
      case '"':
        made += "&quot;";
        break;
      default:
        // XML knows no control characters but these (XML 1.0 section 2.2).
        made += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return made;
}

std::string as_svg(const plot& what) {
  const axis x{0, std::max(what.seconds, 1.0), left, width - right, false};
  const axis y = value_axis(what);
  auto out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" )"
      R"(role="img"><title>{2}</title>{3}<rect class="ground" width="{0}" height="{1}"/>)"
      R"(<text class="title" x="{4}" y="18">{2}, {5}</text>)",
      width, height, xml_text(what.title), style, left, xml_text(what.unit));
  append_axes(out, x, y);
  append_marks(out, what, x, y);
  for (std::size_t i = 0; i < std::min(what.curves.size(), most_curves); ++i)
    append_curve(out, what.curves[i], i, x, y);
  append_legend(out, what);
  return out + "</svg>\n";
}

}  // namespace spillway::sim
