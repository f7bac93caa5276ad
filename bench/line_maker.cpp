#include "bench/line_maker.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <random>

#include "bench/fixed_hex.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

/// Far more than fit into a deflate window, so that no line compresses by its own earlier copy.
constexpr std::size_t different_lines = 4096;
constexpr std::size_t header_size = 8;
constexpr std::size_t timestamp_size = 30;

template <std::size_t N>
const char* any_of(const std::array<const char*, N>& choices, std::mt19937_64& random) {
  return choices[random() % N];
}

std::string access_line(std::mt19937_64& random) {
  static constexpr std::array levels{"INFO", "INFO", "INFO", "INFO", "WARN", "DEBUG"};
  static constexpr std::array methods{"GET", "GET", "GET", "POST", "PUT", "DELETE"};
  static constexpr std::array paths{"/api/orders",   "/api/customers", "/api/invoices",
                                    "/api/sessions", "/api/reports",   "/assets/app",
                                    "/api/carts",    "/health"};
  static constexpr std::array statuses{"200", "200", "200", "201", "204", "304", "404", "500"};
  static constexpr std::array agents{"Mozilla/5.0 (X11; Linux x86_64)", "curl/7.88.1",
                                     "okhttp/4.12.0", "Mozilla/5.0 (iPhone; CPU OS 17_4)"};
  return fmt::format("{} {} {}/{} {} {}.{}ms bytes={} client=10.{}.{}.{} trace={:016x} agent={}",
                     any_of(levels, random), any_of(methods, random), any_of(paths, random),
                     random() % 100'000, any_of(statuses, random), random() % 250, random() % 10,
                     random() % 60'000, random() % 4, random() % 256, random() % 256, random(),
                     any_of(agents, random));
}

std::string text_of_size(std::size_t size, std::mt19937_64& random) {
  std::string text(stamps_size, ' ');
  std::memcpy(text.data(), "id=", 3);
  std::memcpy(text.data() + sent_offset - 3, "at=", 3);
  while (text.size() < size) text += access_line(random) + ' ';
  text.resize(size);
  return text;
}

}  // namespace

line_maker::line_maker(std::size_t text_bytes, std::uint64_t seed)
    : entry_size_(header_size + timestamp_size + 1 + text_bytes + 1) {
  if (text_bytes < 64) throw failure("a line needs at least 64 bytes for its number and time");
  std::mt19937_64 random(seed);
  const auto content = static_cast<std::uint32_t>(entry_size_ - header_size);
  const std::array<char, header_size> header{1,
                                             0,
                                             0,
                                             0,
                                             static_cast<char>(content >> 24),
                                             static_cast<char>(content >> 16),
                                             static_cast<char>(content >> 8),
                                             static_cast<char>(content)};
  for (std::size_t i = 0; i < different_lines; ++i) {
    std::string entry(header.data(), header_size);
    entry.append(timestamp_size, '0').append(" ");
    entry.append(text_of_size(text_bytes, random)).append("\n");
    entries_.push_back(std::move(entry));
  }
}

void line_maker::append_entry(std::string& out, std::uint32_t number, std::int64_t sent_us,
                              protocol::timestamp at) {
  std::string& entry = entries_[number % different_lines];
  char* text = entry.data() + header_size + timestamp_size + 1;
  write_timestamp(entry.data() + header_size, at);
  write_hex(text + number_offset, number_digits, number);
  write_hex(text + sent_offset, sent_digits, static_cast<std::uint64_t>(sent_us));
  out.append(entry);
}

void line_maker::write_timestamp(char* out, protocol::timestamp at) {
  const std::int64_t ns = at.time_since_epoch().count();
  if (ns / 1'000'000'000 != second_) {
    second_ = ns / 1'000'000'000;
    second_text_ = protocol::format_rfc3339_nano(at);
  }
  std::memcpy(out, second_text_.data(), timestamp_size);
  auto fraction = ns % 1'000'000'000;
  for (std::size_t i = 9; i-- > 0; fraction /= 10) {
    out[timestamp_size - 10 + i] = static_cast<char>('0' + fraction % 10);
  }
}

}  // namespace spillway::bench
