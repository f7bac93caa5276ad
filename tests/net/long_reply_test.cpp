// Replies with a whole transcript, to clients that are slow to take them.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

constexpr std::size_t transcript_bytes = 24 << 20;
const char* const transcript_path = "/api/apps/shop/deploys/d1/log";

TEST(a_long_reply, holds_bounded_memory_together_with_others) {
  test_server server({}, 512, std::chrono::seconds(5), transport::plain,
                     [](dependencies& deps) { deps.max_large_replies = transcript_bytes * 3 / 2; });
  server.catalog.long_transcript.assign(transcript_bytes, 'x');
  const auto request = plain_request("GET", transcript_path, bearer("viewer"));
  std::optional<raw_client> slow;
  slow.emplace(server.port(), 4096);
  slow->send(request);
  ASSERT_TRUE(slow->hears_within(20'000));
  // It has begun to take the one; there is no room for another beside it.
  auto second = ask(server.port(), request);
  EXPECT_EQ(second.status, 503);
  EXPECT_TRUE(second.fields.contains("retry-after"));
  EXPECT_EQ(server.get("/api/apps/shop", "viewer").status, 200);
  slow.reset();
  const auto end = std::chrono::steady_clock::now() + patience;
  auto third = ask(server.port(), request);
  while (third.status == 503 && std::chrono::steady_clock::now() < end)
    third = ask(server.port(), request);
  EXPECT_EQ(third.status, 200);
  EXPECT_EQ(third.body.size(), transcript_bytes);
}

}  // namespace
}  // namespace spillway::net::testing
