#include "sim/numbered_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

namespace spillway::sim {

namespace {

/// Reads `mark` and the number after it from the front of `text`.
template <class Number>
bool take(std::string_view& text, char mark, Number& number) {
  if (text.empty() || text.front() != mark) return false;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, number);
  if (error != std::errc{}) return false;
  text = {stop, static_cast<std::size_t>(end - stop)};
  return true;
}

}  // namespace

void append_head(std::string& out, const numbered_line& line) {
  fmt::format_to(std::back_inserter(out), "#{}.{} @{} ", line.life, line.number,
                 line.printed_at.count());
}

std::optional<numbered_line> parse_head(std::string_view line) {
  numbered_line head;
  std::int64_t at = 0;
  if (!take(line, '#', head.life) || !take(line, '.', head.number)) return {};
  if (!line.starts_with(' ')) return {};
  line.remove_prefix(1);
  if (!take(line, '@', at) || !line.starts_with(' ')) return {};
  head.printed_at = std::chrono::nanoseconds(at);
  return head;
}

}  // namespace spillway::sim
