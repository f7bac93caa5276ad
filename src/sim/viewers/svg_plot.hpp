// Curves over time, as SVG that needs nothing from outside.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spillway::sim {

struct plot_point {
  double at = 0;
  double value = 0;
};

struct plot_curve {
  std::string name;
  std::vector<plot_point> points;
};

struct plot_mark {
  double at = 0;
  std::string text;
};

struct plot {
  std::string title;
  /// Of the values: `ms`, `lines/s`.
  std::string unit;
  /// At most five, each with a colour of its own.
  std::vector<plot_curve> curves;
  /// Vertical lines with a text that shows when one points at them.
  std::vector<plot_mark> marks;
  /// The axis begins at the smallest value, and each step is ten times the one before.
  bool logarithmic = false;
  double seconds = 0;
};

/// A whole SVG document, readable on light and dark grounds.
std::string as_svg(const plot& what);

/// With what XML wants written otherwise.
std::string xml_text(std::string_view text);

}  // namespace spillway::sim
