#include "protocol/redacted.hpp"

#include <gtest/gtest.h>

namespace spillway::protocol {
namespace {

const std::string token = "sd_JkoPcalqfpLgsdnNdg8UJy4bq900mvv2geRiBrgP1n4";

TEST(redacted, hides_tokens_wherever_they_stand) {
  EXPECT_EQ(redacted(token), "sd_***");
  EXPECT_EQ(redacted("/api/apps/" + token + "/logs"), "/api/apps/sd_***/logs");
  EXPECT_EQ(redacted(token + "," + token + "!"), "sd_***,sd_***!");
  EXPECT_EQ(redacted("xsd_" + token), "xsd_***");
  EXPECT_EQ(redacted("GET /" + token.substr(0, 30)), "GET /sd_***") << "cut, it is still half";
}

TEST(redacted, leaves_all_else_as_it_is) {
  for (const char* text : {"", "sd_", "/api/apps/sd_card/logs", "sd_sd_sd_", "a sd_ b", "SD_CARD",
                           "/api/apps/shop/logs"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

}  // namespace
}  // namespace spillway::protocol
