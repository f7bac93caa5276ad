#include "config/size.hpp"

#include <algorithm>
#include <charconv>

namespace spillway::config {
namespace {

struct size_unit {
  std::string_view name;
  std::size_t bytes;
};

constexpr size_unit size_units[] = {
    {"GiB", 1u << 30}, {"MiB", 1u << 20}, {"KiB", 1u << 10}, {"B", 1}};

}  // namespace

std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t count = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  auto unit = std::ranges::find(size_units, text, &size_unit::name);
  if (unit == std::end(size_units)) return std::nullopt;
  if (__builtin_mul_overflow(count, unit->bytes, &count)) return std::nullopt;
  return count;
}

std::string format_size(std::size_t bytes) {
  auto divides = [bytes](const size_unit& unit) {
    return bytes >= unit.bytes && bytes % unit.bytes == 0;
  };
  auto unit = std::ranges::find_if(size_units, divides);
  if (unit == std::end(size_units)) return "0B";
  return std::to_string(bytes / unit->bytes).append(unit->name);
}

}  // namespace spillway::config
