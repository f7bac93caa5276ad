#include "sim/host/printing_model.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spillway::sim {

namespace {

using nlohmann::json;

constexpr std::uint64_t longest = 1ULL << 30U;
constexpr double most_lines_per_second = 1'000'000;

std::optional<std::uint64_t> count_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string text_of(const length_model& length) {
  if (length.mixed) return "mixed";
  return fmt::format("{}..{}", length.least, length.most);
}

std::string text_of(const burst_model& burst) {
  switch (burst.how) {
    case burst_model::kind::even:
      return "even";
    case burst_model::kind::random:
      return "random";
    case burst_model::kind::bursts:
      break;
  }
  return std::to_string(burst.lines);
}

using complaint = tl::unexpected<std::string>;

}  // namespace

tl::expected<length_model, std::string> parse_length_model(std::string_view text) {
  length_model model;
  if (text == "mixed") {
    model.mixed = true;
    return model;
  }
  const auto dots = text.find("..");
  const auto least = count_in(text.substr(0, dots));
  const auto most = dots == std::string_view::npos ? least : count_in(text.substr(dots + 2));
  if (!least || !most || *least > *most || *most > longest) {
    return complaint(fmt::format(
        "'{}' is no length of lines: write bytes (120), a range (40..2000) or mixed", text));
  }
  model.least = *least;
  model.most = *most;
  return model;
}

tl::expected<burst_model, std::string> parse_burst_model(std::string_view text) {
  if (text == "even") return burst_model{burst_model::kind::even, 1};
  if (text == "random") return burst_model{burst_model::kind::random, 1};
  const auto lines = count_in(text);
  if (!lines || *lines == 0 || *lines > 1'000'000) {
    return complaint(fmt::format(
        "'{}' is no burst: write even, random, or how many lines come at once (1 to 1000000)",
        text));
  }
  return burst_model{burst_model::kind::bursts, *lines};
}

tl::expected<printing_model, std::string> parse_printing_model(const json& given,
                                                               printing_model usual) {
  if (!given.is_object()) return complaint("x-sim must be a mapping");
  printing_model model = usual;
  for (const auto& [key, value] : given.items()) {
    const auto wrong = [&key = key, &value = value](std::string_view allowed) {
      return complaint(fmt::format("x-sim.{}: {} is not {}", key, value.dump(), allowed));
    };
    if (key == "rate") {
      if (!value.is_number() || value.get<double>() < 0 ||
          value.get<double>() > most_lines_per_second) {
        return wrong("a number of lines a second (0 to 1000000)");
      }
      model.lines_per_second = value.get<double>();
    } else if (key == "line_bytes") {
      auto length = parse_length_model(text_of(value));
      if (!length) return complaint("x-sim.line_bytes: " + length.error());
      model.length = *length;
    } else if (key == "burst") {
      auto burst = parse_burst_model(text_of(value));
      if (!burst) return complaint("x-sim.burst: " + burst.error());
      model.burst = *burst;
    } else if (key == "stderr_share") {
      if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1) {
        return wrong("a share (0 to 1)");
      }
      model.error_share = value.get<double>();
    } else if (key == "exits_after") {
      if (!value.is_number_integer() || value < 0) return wrong("a number of lines");
      model.exits_after = value.get<std::uint64_t>();
    } else if (key == "exit_code") {
      if (!value.is_number_integer() || value < 0 || value > 255) {
        return wrong("an exit code (0 to 255)");
      }
      model.exit_code = value.get<int>();
    } else if (key != "tty") {
      return complaint(fmt::format(
          "x-sim.{} is unknown: use rate, line_bytes, burst, tty, stderr_share, exits_after or "
          "exit_code",
          key));
    } else if (!value.is_boolean()) {
      return wrong("true or false");
    }
  }
  return model;
}

json to_json(const printing_model& model) {
  json object{{"rate", model.lines_per_second},
              {"line_bytes", text_of(model.length)},
              {"burst", text_of(model.burst)},
              {"stderr_share", model.error_share},
              {"exit_code", model.exit_code}};
  if (model.exits_after) object["exits_after"] = *model.exits_after;
  return object;
}

}  // namespace spillway::sim
