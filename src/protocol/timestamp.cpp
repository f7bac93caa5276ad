#include "protocol/timestamp.hpp"

#include <cstddef>

namespace spillway::protocol {
namespace {

/// Reads a text from left to right; once something did not fit, it stays failed.
class rfc3339_reader {
 public:
  explicit rfc3339_reader(std::string_view text) : rest_(text) {}

  bool complete() const { return ok_ && rest_.empty(); }

  /// Exactly so many digits, at most `max`.
  int number(std::size_t digits, int max) {
    if (rest_.size() < digits) return fail();
    int value = 0;
    for (char c : rest_.substr(0, digits)) {
      if (!is_digit(c)) return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value <= max ? value : fail();
  }

  /// One character out of `allowed`; 0 and nothing read where the next is another.
  char maybe(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) return 0;
    char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }

  char expect(std::string_view allowed) {
    char found = maybe(allowed);
    if (found == 0) fail();
    return found;
  }

  /// One to nine digits after a point, as nanoseconds.
  std::chrono::nanoseconds fraction() {
    std::int64_t value = 0;
    int digits = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++digits) {
      if (digits == 9) break;
      value = value * 10 + (rest_.front() - '0');
    }
    if (digits == 0) fail();
    for (; digits < 9; ++digits) value *= 10;
    return std::chrono::nanoseconds{value};
  }

 private:
  static constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::chrono::seconds read_offset(rfc3339_reader& in) {
  char sign = in.expect("Zz+-");
  if (sign != '+' && sign != '-') return {};
  std::chrono::hours hours{in.number(2, 23)};
  in.expect(":");
  std::chrono::seconds offset = hours + std::chrono::minutes{in.number(2, 59)};
  return sign == '-' ? -offset : offset;
}

char* write_digits(char* out, unsigned value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

/// `2026-04-17T10:14:32.118Z` with `digits` digits of fraction (at most nine).
void append_rfc3339(std::string& out, timestamp at, int digits) {
  auto day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss time{at - day};
  auto fraction = static_cast<unsigned>(time.subseconds().count());
  for (int i = digits; i < 9; ++i) fraction /= 10;

  char text[30];
  char* p = write_digits(text, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *p++ = '-';
  p = write_digits(p, static_cast<unsigned>(date.month()), 2);
  *p++ = '-';
  p = write_digits(p, static_cast<unsigned>(date.day()), 2);
  *p++ = 'T';
  p = write_digits(p, static_cast<unsigned>(time.hours().count()), 2);
  *p++ = ':';
  p = write_digits(p, static_cast<unsigned>(time.minutes().count()), 2);
  *p++ = ':';
  p = write_digits(p, static_cast<unsigned>(time.seconds().count()), 2);
  *p++ = '.';
  p = write_digits(p, fraction, digits);
  *p++ = 'Z';
  out.append(text, static_cast<std::size_t>(p - text));
}

}  // namespace

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  rfc3339_reader in{text};
  std::chrono::year year{in.number(4, 9999)};
  in.expect("-");
  std::chrono::month month{static_cast<unsigned>(in.number(2, 12))};
  in.expect("-");
  std::chrono::day day{static_cast<unsigned>(in.number(2, 31))};
  in.expect("Tt");
  std::chrono::hours hours{in.number(2, 23)};
  in.expect(":");
  std::chrono::minutes minutes{in.number(2, 59)};
  in.expect(":");
  // 60 is a leap second, which Unix time does not have: it becomes the second after it.
  std::chrono::seconds seconds{in.number(2, 60)};
  std::chrono::nanoseconds fraction = in.maybe(".") ? in.fraction() : std::chrono::nanoseconds{};
  std::chrono::seconds offset = read_offset(in);

  std::chrono::year_month_day date{year, month, day};
  if (!in.complete() || !date.ok()) return std::nullopt;
  // Nanoseconds in 64 bits end in 1677 and 2262; whole years leave room for every offset.
  if (year < std::chrono::year{1678} || year > std::chrono::year{2261}) return std::nullopt;
  return std::chrono::sys_days{date} + hours + minutes + seconds + fraction - offset;
}

std::string format_rfc3339_nano(timestamp at) {
  std::string out;
  append_rfc3339(out, at, 9);
  return out;
}

std::string format_rfc3339_milli(timestamp at) {
  std::string out;
  append_rfc3339(out, at, 3);
  return out;
}

void append_rfc3339_nano(std::string& out, timestamp at) {
  append_rfc3339(out, at, 9);
}

}  // namespace spillway::protocol
