#include "protocol/timestamp.hpp"

#include <gtest/gtest.h>

#include <random>

namespace spillway::protocol {
namespace {

using namespace std::chrono_literals;

timestamp at_nanoseconds(std::int64_t count) {
  return timestamp{std::chrono::nanoseconds{count}};
}

TEST(timestamp, reads_what_docker_writes_to_the_nanosecond) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00.000000001Z"), at_nanoseconds(1));
  EXPECT_EQ(parse_rfc3339("2026-04-17T10:14:32.118Z"), at_nanoseconds(1776420872'118'000'000));
  EXPECT_EQ(parse_rfc3339("2026-04-17T10:14:32.123456789Z"),
            at_nanoseconds(1776420872'123'456'789));
}

TEST(timestamp, reads_a_time_without_a_fraction) {
  EXPECT_EQ(parse_rfc3339("2026-04-17T10:14:32Z"), at_nanoseconds(1776420872'000'000'000));
}

TEST(timestamp, reads_offsets_as_distance_from_utc) {
  auto utc = parse_rfc3339("2026-04-17T10:14:32Z");
  EXPECT_EQ(parse_rfc3339("2026-04-17T12:14:32+02:00"), utc);
  EXPECT_EQ(parse_rfc3339("2026-04-17T04:44:32-05:30"), utc);
  EXPECT_EQ(parse_rfc3339("2026-04-18T00:14:32.0+14:00"), utc);
}

TEST(timestamp, takes_lower_case_letters_as_the_rfc_allows) {
  EXPECT_EQ(parse_rfc3339("2026-04-17t10:14:32z"), parse_rfc3339("2026-04-17T10:14:32Z"));
}

TEST(timestamp, reads_a_leap_second_as_the_second_after_it) {
  EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"));
}

TEST(timestamp, knows_leap_years) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2026-02-29T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("2100-02-29T00:00:00Z"));
}

TEST(timestamp, refuses_every_start_of_a_time_and_everything_after_one) {
  std::string_view whole = "2026-04-17T10:14:32.118+02:00";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_rfc3339(whole.substr(0, size))) << whole.substr(0, size);
  }
  EXPECT_TRUE(parse_rfc3339(whole));
  EXPECT_FALSE(parse_rfc3339(std::string{whole} + " "));
}

TEST(timestamp, refuses_what_is_not_a_time) {
  for (std::string_view text :
       {"yesterday", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+02:60", "2026-01-01T00:00:00+0200", "+026-01-01T00:00:00Z",
        "2026-01-01T00:00:-1Z", "2026-1-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(timestamp, ends_where_64_bits_of_nanoseconds_end) {
  EXPECT_TRUE(parse_rfc3339("1678-01-01T00:00:00+23:59"));
  EXPECT_TRUE(parse_rfc3339("2261-12-31T23:59:59.999999999-23:59"));
  EXPECT_FALSE(parse_rfc3339("1677-12-31T23:59:59Z"));
  EXPECT_FALSE(parse_rfc3339("2262-01-01T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00Z"));
  EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59Z"));
}

TEST(timestamp, is_written_with_a_fixed_number_of_digits) {
  timestamp at = at_nanoseconds(1776420872'118'000'007);
  EXPECT_EQ(format_rfc3339_nano(at), "2026-04-17T10:14:32.118000007Z");
  EXPECT_EQ(format_rfc3339_milli(at), "2026-04-17T10:14:32.118Z");
  EXPECT_EQ(format_rfc3339_nano(timestamp{}), "1970-01-01T00:00:00.000000000Z");
}

TEST(timestamp, in_milliseconds_never_lies_in_the_future) {
  EXPECT_EQ(format_rfc3339_milli(at_nanoseconds(999'999'999)), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(format_rfc3339_milli(at_nanoseconds(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(timestamp, is_appended_behind_what_is_there) {
  std::string out = "at ";
  append_rfc3339_nano(out, at_nanoseconds(5));
  EXPECT_EQ(out, "at 1970-01-01T00:00:00.000000005Z");
}

TEST(timestamp, comes_back_from_its_text_for_any_time) {
  std::mt19937_64 random{1};
  auto first = parse_rfc3339("1678-01-01T00:00:00Z")->time_since_epoch().count();
  auto last = parse_rfc3339("2261-12-31T23:59:59.999999999Z")->time_since_epoch().count();
  std::uniform_int_distribution<std::int64_t> counts{first, last};
  for (int i = 0; i < 10'000; ++i) {
    timestamp at = at_nanoseconds(counts(random));
    EXPECT_EQ(parse_rfc3339(format_rfc3339_nano(at)), at) << format_rfc3339_nano(at);
    EXPECT_EQ(parse_rfc3339(format_rfc3339_milli(at)),
              std::chrono::floor<std::chrono::milliseconds>(at));
  }
}

TEST(timestamp, compares_as_text_like_it_compares_as_time) {
  std::mt19937_64 random{2};
  std::uniform_int_distribution<std::int64_t> counts{0, std::int64_t{1} << 62};
  for (int i = 0; i < 1'000; ++i) {
    timestamp a = at_nanoseconds(counts(random));
    timestamp b = a + std::chrono::nanoseconds{static_cast<int>(random() % 2000) - 1000};
    EXPECT_EQ(a < b, format_rfc3339_nano(a) < format_rfc3339_nano(b));
  }
}

}  // namespace
}  // namespace spillway::protocol
