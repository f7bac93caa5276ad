#include "sim/host/log_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::sim {
namespace {

protocol::timestamp at(std::int64_t nanoseconds) {
  return protocol::timestamp(std::chrono::nanoseconds(nanoseconds));
}

/// Entries that say their number, a hundred bytes each.
void append(log_store& to, std::uint64_t from, std::uint64_t end) {
  for (std::uint64_t n = from; n < end; ++n) {
    std::string text = std::to_string(n);
    text.resize(100, '.');
    to.append({at(static_cast<std::int64_t>(n)),
               n % 2 == 0 ? output_kind::standard_output : output_kind::standard_error, text});
  }
}

std::uint64_t number_of(const log_entry& entry) {
  return std::stoull(std::string(entry.text.substr(0, entry.text.find('.'))));
}

constexpr std::size_t small_log = 256 * 1024;

TEST(log_store, gives_back_what_was_put_in) {
  log_store log(small_log);
  append(log, 0, 10);
  auto where = log.position(4);
  for (std::uint64_t n = 4; n < 10; ++n) {
    const auto entry = log.next(where);
    ASSERT_TRUE(entry);
    EXPECT_EQ(number_of(*entry), n);
    EXPECT_EQ(entry->at, at(static_cast<std::int64_t>(n)));
    EXPECT_EQ(entry->from == output_kind::standard_output, n % 2 == 0);
    EXPECT_EQ(entry->text.size(), 100U);
  }
  EXPECT_FALSE(log.next(where));
}

TEST(log_store, a_cursor_at_the_end_goes_on_with_what_comes) {
  log_store log(small_log);
  auto where = log.position(0);
  EXPECT_FALSE(log.next(where));
  for (std::uint64_t n = 0; n < 5'000; ++n) {
    append(log, n, n + 1);
    const auto entry = log.next(where);
    ASSERT_TRUE(entry) << n;
    ASSERT_EQ(number_of(*entry), n);
    ASSERT_FALSE(log.next(where));
  }
}

TEST(log_store, keeps_the_newest_within_its_bound) {
  log_store log(small_log);
  append(log, 0, 10'000);
  EXPECT_LE(log.bytes(), small_log);
  EXPECT_GT(log.bytes(), small_log / 2);
  EXPECT_EQ(log.end(), 10'000U);
  EXPECT_GT(log.first(), 0U);
  auto where = log.position(0);
  for (std::uint64_t n = log.first(); n < log.end(); ++n) {
    const auto entry = log.next(where);
    ASSERT_TRUE(entry);
    ASSERT_EQ(number_of(*entry), n);
  }
}

TEST(log_store, a_cursor_whose_place_is_gone_goes_on_with_the_oldest) {
  log_store log(small_log);
  append(log, 0, 100);
  auto where = log.position(50);
  ASSERT_EQ(number_of(*log.next(where)), 50U);
  append(log, 100, 20'000);
  const auto entry = log.next(where);
  ASSERT_TRUE(entry);
  EXPECT_EQ(number_of(*entry), log.first());
}

TEST(log_store, every_number_has_a_position) {
  log_store log(small_log);
  append(log, 0, 3'000);
  for (std::uint64_t n = log.first(); n < log.end(); n += 7) {
    auto where = log.position(n);
    ASSERT_EQ(number_of(*log.next(where)), n);
  }
}

TEST(log_store, says_before_it_drops_what_is_needed) {
  log_store log(small_log);
  std::uint64_t n = 0;
  while (!log.needs_room_of(0)) {
    append(log, n, n + 1);
    ++n;
    ASSERT_EQ(log.first(), 0U) << "dropped without a word";
  }
  EXPECT_FALSE(log.needs_room_of(n - 1)) << "the newest are not in danger";
}

}  // namespace
}  // namespace spillway::sim
