#include "config/rate.hpp"

#include <charconv>

#include "protocol/duration.hpp"

namespace spillway::config {
namespace {

constexpr std::uint32_t max_count = 1'000'000;
constexpr std::chrono::seconds min_window{1};
constexpr std::chrono::hours max_window{24};

}  // namespace

std::optional<rate> parse_rate(std::string_view text, std::string_view word) {
  std::uint32_t count = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count == 0 || count > max_count) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!word.empty()) {
    const std::string middle = " " + std::string(word);
    if (!text.starts_with(middle)) return std::nullopt;
    text.remove_prefix(middle.size());
  }
  if (!text.starts_with('/')) return std::nullopt;
  const auto window = protocol::parse_duration(text.substr(1));
  if (!window || *window < min_window || *window > max_window) return std::nullopt;
  return rate{count, std::chrono::duration_cast<std::chrono::milliseconds>(*window)};
}

std::string format_rate(const rate& value, std::string_view word) {
  std::string text = std::to_string(value.count);
  if (!word.empty()) text.append(" ").append(word);
  return text + "/" + protocol::format_duration(value.window);
}

}  // namespace spillway::config
