#include "client/frame.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace spillway::client {
namespace {

/// A member that is text; empty where there is none.
std::string member(const nlohmann::json& of, const char* key) {
  const auto found = of.find(key);
  return found != of.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_true(const nlohmann::json& of, const char* key) {
  const auto found = of.find(key);
  return found != of.end() && found->is_boolean() && found->get<bool>();
}

/// Of `2026-04-17T10:14:32.118Z [spillway] 12 lines skipped, this viewer is too slow` the number.
std::optional<std::uint64_t> process_skip(std::string_view line) {
  constexpr std::string_view mark = "[spillway] ";
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !line.substr(space + 1).starts_with(mark) ||
      !line.ends_with(" skipped, this viewer is too slow")) {
    return std::nullopt;
  }
  std::uint64_t count = 0;
  const auto number = line.substr(space + 1 + mark.size());
  std::from_chars(number.data(), number.data() + number.size(), count);
  return count;
}

frame parse_string(std::string text) {
  if (const auto skipped = process_skip(text)) return skip_notice{"", std::move(text), *skipped};
  return process_line{std::move(text)};
}

frame parse_done(const nlohmann::json& json) {
  if (member(json, "action") == "none") return no_deploy{};
  const auto code = json.find("exit_code");
  return deploy_end{
      member(json, "timestamp"), member(json, "action"), member(json, "status"),
      code != json.end() && code->is_number_integer() ? code->get<std::int64_t>() : 0};
}

}  // namespace

frame parse_frame(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_string()) return parse_string(json.get<std::string>());
  if (!json.is_object()) return unknown_frame{};
  if (json.contains("error")) return error_frame{member(json, "error")};
  if (const auto skipped = json.find("skipped"); skipped != json.end()) {
    const bool counted = skipped->is_number_unsigned();
    return skip_notice{member(json, "ts"), member(json, "line"),
                       counted ? skipped->get<std::uint64_t>() : 0};
  }
  if (json.contains("line"))
    return log_line{member(json, "ts"), member(json, "stream"), member(json, "line")};
  if (is_true(json, "done")) return parse_done(json);
  if (json.contains("output"))
    return deploy_line{member(json, "timestamp"), member(json, "action"), member(json, "output")};
  return unknown_frame{};
}

}  // namespace spillway::client
