#include "config/setting_kinds.hpp"

#include <algorithm>
#include <charconv>

#include "protocol/frames.hpp"
#include "protocol/utf8.hpp"

namespace spillway::config {
namespace {

constexpr std::size_t max_found_size = 64;

/// Whether YAML reads the text without quotes as nothing but this text.
bool is_plain_yaml(std::string_view text) {
  auto is_alnum = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  auto is_safe = [&](char c) {
    return is_alnum(c) || std::string_view{"/._:-"}.find(c) != std::string_view::npos;
  };
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  // A colon at the end would make it a key.
  return (is_alnum(text.front()) || text.front() == '/') && text.back() != ':' &&
         std::ranges::all_of(text, is_safe);
}

}  // namespace

bad_value describe_bad_value(const YAML::Node& node) {
  int line = node.Mark().line + 1;
  if (node.IsSequence()) return {"a list", line};
  if (node.IsMap()) return {"a section", line};
  if (!node.IsScalar()) return {"nothing", line};
  const std::string& text = node.Scalar();
  std::string found = "\"" + protocol::repaired_utf8(text.substr(0, max_found_size));
  return {found + (text.size() > max_found_size ? "…\"" : "\""), line};
}

std::string yaml_text(std::string_view text) {
  if (is_plain_yaml(text)) return std::string{text};
  // A JSON string is a double-quoted YAML scalar (YAML 1.2, section 1.3).
  std::string quoted;
  protocol::append_json_string(quoted, text);
  return quoted;
}

std::string yaml_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    if (list.size() > 1) list += ", ";
    protocol::append_json_string(list, text);
  }
  return list += ']';
}

tl::expected<std::vector<std::string>, bad_value> read_texts(const YAML::Node& node) {
  if (!node.IsSequence()) return tl::unexpected{describe_bad_value(node)};
  std::vector<std::string> texts;
  for (const YAML::Node& element : node) {
    if (!element.IsScalar()) return tl::unexpected{describe_bad_value(element)};
    texts.push_back(element.Scalar());
  }
  return texts;
}

std::optional<std::uint32_t> parse_whole_number(std::string_view text, std::uint32_t min,
                                                std::uint32_t max) {
  std::uint32_t value = 0;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{} || end != last || value < min || value > max) return std::nullopt;
  return value;
}

}  // namespace spillway::config
