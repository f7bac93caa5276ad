// How the values of each kind are read, checked and written; used by the settings table alone.
#pragma once

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings_table.hpp"
#include "config/size.hpp"
#include "protocol/duration.hpp"

namespace spillway::config {

bad_value describe_bad_value(const YAML::Node& node);

/// A text as YAML that yaml-cpp reads back as the same text: plain where that is safe, else quoted.
std::string yaml_text(std::string_view text);
/// `["a", "b"]`
std::string yaml_list(const std::vector<std::string>& texts);

/// The texts of a list; nothing for another kind of node.
tl::expected<std::vector<std::string>, bad_value> read_texts(const YAML::Node& node);

std::optional<std::uint32_t> parse_whole_number(std::string_view text, std::uint32_t min,
                                                std::uint32_t max);

struct setting_words {
  std::string key;
  std::string allowed;
  std::string meaning;
};

/// A setting of one scalar. `get` is a generic lambda from settings to the member; `parse` makes
/// an optional or expected value of a text, `format` YAML of the value.
template <class Get, class Parse, class Format>
setting scalar_setting(setting_words words, Get get, Parse parse, Format format) {
  auto read = [get, parse](settings& target,
                           const YAML::Node& node) -> tl::expected<void, bad_value> {
    if (!node.IsScalar()) return tl::unexpected{describe_bad_value(node)};
    auto value = parse(node.Scalar());
    if (!value) return tl::unexpected{describe_bad_value(node)};
    get(target) = *value;
    return {};
  };
  auto print = [get, format](const settings& source) { return format(get(source)); };
  return {std::move(words.key), std::move(words.allowed), std::move(words.meaning), read, print};
}

/// `between` are the smallest and the largest value.
template <class Get>
setting number_setting(std::string key, Get get, std::pair<std::uint32_t, std::uint32_t> between,
                       std::string meaning) {
  auto [min, max] = between;
  return scalar_setting(
      {std::move(key), fmt::format("a whole number from {} to {}", min, max), std::move(meaning)},
      get,
      [=](std::string_view text) {
        return parse_whole_number(text, between.first, between.second);
      },
      [](std::uint32_t value) { return std::to_string(value); });
}

/// `true` or `false`, the two ways of writing a switch that every YAML version reads alike.
template <class Get>
setting switch_setting(std::string key, Get get, std::string meaning) {
  return scalar_setting(
      {std::move(key), "true or false", std::move(meaning)}, get,
      [](std::string_view text) -> std::optional<bool> {
        if (text == "true") return true;
        if (text == "false") return false;
        return std::nullopt;
      },
      [](bool value) { return std::string{value ? "true" : "false"}; });
}

template <class Get>
setting duration_setting(std::string key, Get get,
                         std::pair<std::chrono::milliseconds, std::chrono::milliseconds> between,
                         std::string meaning) {
  auto parse = [between](std::string_view text) -> std::optional<std::chrono::milliseconds> {
    auto value = protocol::parse_duration(text);
    if (!value || *value < between.first || *value > between.second) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(*value);
  };
  return scalar_setting(
      {std::move(key),
       fmt::format("a duration from {} to {}", protocol::format_duration(between.first),
                   protocol::format_duration(between.second)),
       std::move(meaning)},
      get, parse, protocol::format_duration);
}

template <class Get>
setting size_setting(std::string key, Get get, std::pair<std::size_t, std::size_t> between,
                     std::string meaning) {
  auto parse = [between](std::string_view text) -> std::optional<std::size_t> {
    auto value = parse_size(text);
    if (!value || *value < between.first || *value > between.second) return std::nullopt;
    return value;
  };
  return scalar_setting(
      {std::move(key),
       fmt::format("a size from {} to {}", format_size(between.first), format_size(between.second)),
       std::move(meaning)},
      get, parse, format_size);
}

}  // namespace spillway::config
