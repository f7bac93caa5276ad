#include "protocol/duration.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace spillway::protocol {
namespace {

using namespace std::chrono_literals;

struct duration_unit {
  std::string_view name;
  std::chrono::nanoseconds length;
};

constexpr duration_unit duration_units[] = {
    {"d", 24h}, {"h", 1h}, {"m", 1min}, {"s", 1s}, {"ms", 1ms}};

const duration_unit* find_duration_unit(std::string_view name) {
  auto found = std::ranges::find(duration_units, name, &duration_unit::name);
  return found == std::end(duration_units) ? nullptr : found;
}

bool is_duration_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  while (!text.empty()) {
    if (!is_duration_digit(text.front())) return std::nullopt;  // from_chars would take a sign
    std::int64_t count = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));

    auto digit = std::ranges::find_if(text, is_duration_digit);
    auto size = static_cast<std::size_t>(digit - text.begin());
    const duration_unit* unit = find_duration_unit(text.substr(0, size));
    if (unit == nullptr) return std::nullopt;
    text.remove_prefix(size);

    if (__builtin_mul_overflow(count, unit->length.count(), &count) ||
        __builtin_add_overflow(sum, count, &sum)) {
      return std::nullopt;
    }
  }
  return std::chrono::nanoseconds{sum};
}

std::string format_duration(std::chrono::milliseconds duration) {
  std::chrono::milliseconds rest = std::max(duration, 0ms);
  // A day is 24h and a day and a half 36h; only several whole days are easier to read as days.
  bool in_days = rest % 24h == 0ms && rest > 24h;
  std::string text;
  for (const duration_unit& unit : duration_units) {
    if (unit.name == "d" && !in_days) continue;
    auto length = std::chrono::duration_cast<std::chrono::milliseconds>(unit.length);
    if (rest >= length) text.append(std::to_string(rest / length)).append(unit.name);
    rest %= length;
  }
  return text.empty() ? "0s" : text;
}

}  // namespace spillway::protocol
