#include "client/backoff.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

using namespace std::chrono_literals;

TEST(backoff, doubles_from_one_second_to_thirty_and_begins_anew_when_connected) {
  backoff waits;
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) EXPECT_EQ(waits.next(), expected);
  waits.reset();
  EXPECT_EQ(waits.next(), 1s);
}

TEST(backoff, is_never_shorter_than_what_the_server_asked_for) {
  backoff waits;
  EXPECT_EQ(waits.next(10s), 10s);
  EXPECT_EQ(waits.next(1s), 2s);
}

}  // namespace
}  // namespace spillway::client
