#include "protocol/ws_frame.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::protocol {
namespace {

std::string header_of(std::size_t payload_size) {
  std::string out(max_ws_header_size, '\xAA');
  out.resize(write_text_header(out.data(), payload_size));
  return out;
}

std::string bytes(std::initializer_list<int> values) {
  return {values.begin(), values.end()};
}

TEST(ws_frame, carries_short_lengths_in_the_second_byte) {
  EXPECT_EQ(header_of(0), bytes({0x81, 0}));
  EXPECT_EQ(header_of(125), bytes({0x81, 125}));
}

TEST(ws_frame, carries_middle_lengths_in_two_bytes) {
  EXPECT_EQ(header_of(126), bytes({0x81, 126, 0, 126}));
  EXPECT_EQ(header_of(0xffff), bytes({0x81, 126, 0xff, 0xff}));
}

TEST(ws_frame, carries_long_lengths_in_eight_bytes) {
  EXPECT_EQ(header_of(0x10000), bytes({0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(header_of(0x0102030405060708), bytes({0x81, 127, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(ws_frame, tells_the_size_of_its_header_beforehand) {
  for (std::size_t size : {0, 1, 125, 126, 127, 0xfffe, 0xffff, 0x10000, 0x1000000}) {
    EXPECT_EQ(ws_header_size(size), header_of(size).size()) << size;
    EXPECT_LE(ws_header_size(size), max_ws_header_size);
  }
}

TEST(ws_frame, tells_a_deflated_payload_by_the_first_reserved_bit) {
  char out[max_ws_header_size];
  EXPECT_EQ(write_text_header(out, 5, payload_form::deflated), 2u);
  EXPECT_EQ(std::string(out, 2), bytes({0xc1, 5}));
}

TEST(skipping_pongs, leaves_what_comes_after_whole_ones) {
  const auto empty = bytes({0x8a, 0x80, 1, 2, 3, 4});
  const auto full = bytes({0x8a, 0x80 | 125, 1, 2, 3, 4}) + std::string(125, 'x');
  EXPECT_EQ(skip_pongs(""), "");
  EXPECT_EQ(skip_pongs(empty), "");
  EXPECT_EQ(skip_pongs(full + empty + "rest"), "rest");
}

TEST(skipping_pongs, leaves_everything_else_as_it_is) {
  for (const auto& kept :
       {bytes({0x8a}), bytes({0x8a, 0x80, 1, 2, 3}) /* cut in the mask */,
        bytes({0x8a, 0x82, 1, 2, 3, 4, 5}) /* cut in the payload */,
        bytes({0x8a, 0x00, 1, 2, 3, 4}) /* not masked */,
        bytes({0x8a, 0xfe, 0, 126, 1, 2, 3, 4}) + std::string(126, 'x') /* too long */,
        bytes({0x0a, 0x80, 1, 2, 3, 4}) /* a part */, bytes({0xca, 0x80, 1, 2, 3, 4}) /* RSV1 */,
        bytes({0x89, 0x80, 1, 2, 3, 4}) /* a ping */}) {
    EXPECT_EQ(skip_pongs(kept), kept);
    EXPECT_EQ(skip_pongs(bytes({0x8a, 0x80, 1, 2, 3, 4}) + kept), kept);
  }
}

}  // namespace
}  // namespace spillway::protocol
