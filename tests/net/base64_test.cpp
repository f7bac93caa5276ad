#include "net/base64.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

TEST(base64, decodes_with_each_amount_of_padding) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("Zg=="), "f");
  EXPECT_EQ(decode_base64("Zm8="), "fo");
  EXPECT_EQ(decode_base64("Zm9v"), "foo");
  EXPECT_EQ(decode_base64("+/+/"), "\xfb\xff\xbf");
}

TEST(base64, encodes_what_it_decodes) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes) << bytes.size();
    bytes.push_back(static_cast<char>(i * 7));
  }
  EXPECT_EQ(encode_base64("fo"), "Zm8=");
}

TEST(base64, refuses_what_is_not_strictly_base64) {
  for (auto text : {"Zg", "Zg=", "Zg===", "Z", "Zm9v\n", "Zm9 ",
                    "Zh==", "Zm9=", "=Zg=", "Z===", "Zm-_", "====", "Zg==Zg=="}) {
    EXPECT_FALSE(decode_base64(text)) << text;
  }
}

}  // namespace
}  // namespace spillway::net
