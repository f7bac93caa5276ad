#include "net/compressed_input.hpp"

#include <gtest/gtest.h>

#include "net/deflater.hpp"
#include "net/raw_client.hpp"

namespace spillway::net::testing {
namespace {

using protocol::close_code;

constexpr std::size_t limit = 16 << 10;

struct passed {
  /// As Beast sees them.
  std::string bytes;
  std::vector<protocol::close_frame> failures;
};

passed pass(std::string bytes, std::size_t step = std::string::npos) {
  passed result;
  compressed_input input(limit,
                         [&](const protocol::close_frame& end) { result.failures.push_back(end); });
  auto size = std::min(step, bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    input.pass(std::span(bytes).subspan(at, std::min(size, bytes.size() - at)));
  }
  result.bytes = bytes;
  return result;
}

constexpr std::size_t steps[] = {1, 2, 5, 100'000};

TEST(compressed_input, leaves_plain_frames_as_they_are) {
  auto bytes = client_frame(1, "text") + client_frame(2, std::string(200, 'x')) +
               client_frame(1, std::string(70'000, 'x'), false) + client_frame(9, "ping") +
               client_frame(0, "rest") + client_close(1000);
  for (auto step : steps) {
    auto result = pass(bytes, step);
    EXPECT_EQ(result.bytes, bytes);
    EXPECT_TRUE(result.failures.empty());
  }
}

TEST(compressed_input, turns_a_compressed_message_into_plain_binary_frames) {
  auto payload = deflated("a message in pieces, with a ping between them");
  auto one = payload.substr(0, 5);
  auto two = payload.substr(5, 10);
  auto rest = payload.substr(15);
  auto tail = client_frame(0, two, false) + client_frame(9, "\xff") + client_frame(0, "", false) +
              client_frame(0, rest) + client_frame(1, "plain");
  for (auto step : steps) {
    for (std::uint8_t opcode : {std::uint8_t{1}, std::uint8_t{2}}) {
      auto result = pass(compressed_frame(opcode, one, false) + tail, step);
      EXPECT_EQ(result.bytes, client_frame(2, one, false) + tail);
      EXPECT_TRUE(result.failures.empty());
      result = pass(compressed_frame(opcode, payload) + client_frame(1, "plain"), step);
      EXPECT_EQ(result.bytes, client_frame(2, payload) + client_frame(1, "plain"));
      EXPECT_TRUE(result.failures.empty());
    }
  }
}

TEST(compressed_input, tells_once_what_is_wrong_and_lets_the_rest_pass_unmarked) {
  const std::pair<std::string, close_code> wrong[] = {
      {deflated(std::string(limit + 1, 'x')), close_code::too_big},
      {deflated("\xff"), close_code::bad_payload},
      {"\xff\xff\xff", close_code::bad_payload},
  };
  for (const auto& [payload, code] : wrong) {
    for (auto step : steps) {
      auto result = pass(compressed_frame(1, payload) + compressed_frame(1, payload), step);
      EXPECT_EQ(result.bytes, client_frame(2, payload) + client_frame(2, payload));
      ASSERT_EQ(result.failures.size(), 1u);
      EXPECT_EQ(result.failures.front().code, code);
    }
  }
}

/// Each message has a context of its own.
TEST(compressed_input, counts_each_message_by_itself) {
  std::string bytes;
  for (int i = 0; i < 3; ++i) bytes += compressed_frame(2, deflated(std::string(limit, 'x')));
  EXPECT_TRUE(pass(bytes).failures.empty());
}

/// The close is answered, as it would be if these bytes came a moment later.
TEST(compressed_input, looks_at_nothing_behind_a_close_frame) {
  auto bytes = client_close(1000) + compressed_frame(1, "\xff\xff\xff");
  for (auto step : steps) {
    EXPECT_EQ(pass(bytes, step).bytes, bytes);
    EXPECT_TRUE(pass(bytes, step).failures.empty());
  }
}

TEST(compressed_input, leaves_to_beast_what_breaks_the_protocol) {
  auto open = client_frame(1, "x", false);
  auto payload = deflated("x");
  for (const auto& broken : {
           compressed_frame(9, "ping"),
           compressed_frame(8, ""),
           compressed_frame(0, payload),         // continues nothing
           open + compressed_frame(0, payload),  // continues a plain message
           open + compressed_frame(1, payload),  // a message inside of a message
           compressed_frame(3, payload),         // reserved opcode
           // Once it is broken, nothing else counts.
           client_frame(3, "") + compressed_frame(1, "\xff\xff\xff"),
           client_frame(9, "", false) + compressed_frame(1, "\xff\xff\xff"),
           client_frame(9, std::string(126, 'x')) + compressed_frame(1, "\xff\xff\xff"),
           std::string("\x82\xfe\x00\x00", 4) + "mask" + compressed_frame(1, "\xff\xff\xff"),
           std::string("\x82\xff\0\0\0\0\0\0\0\0", 10) + "mask" + compressed_frame(1, "\xff\xff"),
       }) {
    EXPECT_EQ(pass(broken).bytes, broken);
    EXPECT_TRUE(pass(broken).failures.empty());
  }
  auto unmasked = compressed_frame(1, "\xff\xff\xff");
  unmasked[1] = static_cast<char>(unmasked[1] & 0x7f);
  EXPECT_TRUE(pass(unmasked).failures.empty());
  auto reserved = compressed_frame(1, payload);
  reserved[0] = static_cast<char>(reserved[0] | 0x20);
  EXPECT_EQ(pass(reserved).bytes, reserved);
}

}  // namespace
}  // namespace spillway::net::testing
