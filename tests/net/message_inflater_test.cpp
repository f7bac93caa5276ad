#include "net/message_inflater.hpp"

#include <gtest/gtest.h>

#include "net/deflater.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::string_literals;
using protocol::close_code;
using protocol::close_frame;

constexpr std::size_t limit = 16 << 10;
const close_frame damaged{close_code::bad_payload, {"compressed message is damaged"}};
const close_frame too_big{close_code::too_big, {"message too big"}};
const close_frame not_utf8{close_code::bad_payload, {"message is not UTF-8"}};

/// In pieces of `step` bytes; what is wrong, where anything is.
message_inflater::failure outcome(message_kind kind, const std::string& payload,
                                  std::size_t step = std::string::npos) {
  message_inflater inflater(kind, limit);
  for (std::size_t at = 0; at < payload.size(); at += std::min(step, payload.size())) {
    if (auto wrong = inflater.add(std::string_view(payload).substr(at, step))) return wrong;
  }
  return inflater.finish();
}

TEST(message_inflater, takes_messages_as_clients_compress_them) {
  const std::string messages[] = {
      "Hello", "", "\xe2\x82\xac and \xf0\x9f\x98\x80", std::string(limit, 'x'),
      // Refers back over half of what is allowed.
      std::string(100, 'a') + std::string(8'000, 'b') + std::string(100, 'a')};
  for (const auto& message : messages) {
    for (int window_bits : {9, 15}) {
      for (std::size_t step : {1u, 3u, 100'000u}) {
        auto payload = deflated(message, window_bits);
        EXPECT_FALSE(outcome(message_kind::text, payload, step)) << message.substr(0, 20);
        EXPECT_FALSE(outcome(message_kind::binary, payload, step)) << message.substr(0, 20);
      }
    }
  }
}

/// RFC 7692 section 7.2.3.
TEST(message_inflater, takes_the_examples_of_the_rfc) {
  for (const auto& payload : {
           "\xf2\x48\xcd\xc9\xc9\x07\x00"s,                          // one block
           "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s,          // not compressed
           "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s,                      // BFINAL is set
           "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s,  // two blocks
           "\x00"s,                                                  // empty
           "\x01"s,                                                  // empty, BFINAL is set
       }) {
    EXPECT_FALSE(outcome(message_kind::text, payload)) << payload.size();
    EXPECT_FALSE(outcome(message_kind::text, payload, 1)) << payload.size();
  }
  EXPECT_FALSE(outcome(message_kind::text, ""));
}

TEST(message_inflater, takes_no_more_than_the_limit) {
  EXPECT_FALSE(outcome(message_kind::binary, deflated(std::string(limit, 'x'))));
  for (std::size_t size : {limit + 1, limit * 100}) {
    auto payload = deflated(std::string(size, 'x'));
    for (auto kind : {message_kind::text, message_kind::binary}) {
      EXPECT_EQ(outcome(kind, payload), too_big) << size;
      EXPECT_EQ(outcome(kind, payload, 1), too_big) << size;
    }
  }
}

TEST(message_inflater, wants_utf8_in_a_text) {
  for (const char* message : {"abc\xff", "\xe2\x82", "\xed\xa0\x80"}) {
    EXPECT_EQ(outcome(message_kind::text, deflated(message)), not_utf8);
    EXPECT_FALSE(outcome(message_kind::binary, deflated(message)));
  }
}

TEST(message_inflater, finds_damaged_data) {
  std::string hello = deflated("Hello, hello, hello");
  for (const auto& payload : {
           "\xff\xff\xff\xff"s,                          // a block of a kind that does not exist
           "\x00\x05\x00\x00\x00Hello"s,                 // the length and its complement differ
           "\x04\xff\xff\xff\xff\xff\xff\xff\xff\xff"s,  // code lengths that are none
           "\x02\x04\x80\x01"s,                          // looks back before the start
           hello.substr(0, hello.size() / 2),            // cut
           hello.substr(0, hello.size() - 1),
       }) {
    EXPECT_EQ(outcome(message_kind::binary, payload), damaged) << payload;
    EXPECT_EQ(outcome(message_kind::binary, payload, 1), damaged) << payload;
  }
}

/// Whatever stands there, it ends, and what came out fits the limit.
TEST(message_inflater, survives_any_change_of_a_byte) {
  auto payload = deflated("2026-04-17T10:14:32.118Z [api] handled GET /api/apps in 4.2ms");
  for (std::size_t at = 0; at < payload.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      auto changed = payload;
      changed[at] = static_cast<char>(value);
      outcome(message_kind::text, changed);
    }
  }
}

}  // namespace
}  // namespace spillway::net::testing
