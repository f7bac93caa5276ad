#include "store/secrets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "store/transcript_archive.hpp"

namespace spillway::store {
namespace {

constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(secrets, a_token_has_its_prefix_and_at_least_192_random_bits_of_base64url) {
  const std::string token = new_token();
  EXPECT_EQ(token.substr(0, 3), "sd_");
  EXPECT_GE(token.size() - 3, 32u);
  EXPECT_EQ(token.find_first_not_of(base64url, 3), std::string::npos);
}

TEST(secrets, a_session_cookie_has_256_random_bits_of_base64url) {
  const std::string cookie = new_session_cookie();
  EXPECT_EQ(cookie.size(), 43u);
  EXPECT_EQ(cookie.find_first_not_of(base64url), std::string::npos);
}

TEST(secrets, no_two_are_the_same) {
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) made.insert({new_token(), new_session_cookie()});
  EXPECT_EQ(made.size(), 200u);
}

TEST(secrets, a_hash_has_32_bytes_and_depends_on_every_byte) {
  EXPECT_EQ(secret_hash("sd_a").size(), 32u);
  EXPECT_EQ(secret_hash("sd_a"), secret_hash("sd_a"));
  EXPECT_NE(secret_hash("sd_a"), secret_hash("sd_b"));
  EXPECT_NE(secret_hash(""), secret_hash(std::string_view("\0", 1)));
}

TEST(secrets, a_deploy_id_begins_with_its_time_and_can_be_a_file_name) {
  using namespace std::chrono;
  const protocol::timestamp at =
      sys_days{year{2026} / 11 / 24} + hours{10} + minutes{14} + seconds{32} + milliseconds{7};
  const std::string id = new_deploy_id(at);
  EXPECT_EQ(id.substr(0, 19), "20261124T101432007-");
  EXPECT_EQ(id.size(), 19u + 16u);
  EXPECT_TRUE(is_deploy_id(id));
}

TEST(secrets, deploy_ids_sort_like_their_times) {
  const protocol::timestamp first{std::chrono::seconds{1'790'000'000}};
  std::vector<std::string> ids;
  for (int step : {0, 1, 10, 999, 1'000, 60'000, 86'400'000})
    ids.push_back(new_deploy_id(first + std::chrono::milliseconds{step}));
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST(secrets, are_told_by_their_form) {
  const std::string token = new_token();
  const std::string cookie = new_session_cookie();
  EXPECT_TRUE(is_token(token));
  EXPECT_TRUE(is_session_cookie(cookie));
  EXPECT_FALSE(is_token(cookie));
  EXPECT_FALSE(is_session_cookie(token));
  for (const std::string& bad :
       {std::string(), std::string("sd_"), "SD_" + token.substr(3), token + "A", " " + token,
        token.substr(0, token.size() - 1), token.substr(0, 10) + "+" + token.substr(11),
        token.substr(0, 10) + std::string(1, '\0') + token.substr(11)})
    EXPECT_FALSE(is_token(bad)) << bad;
}

TEST(secrets, are_the_same_by_their_hash_alone) {
  EXPECT_TRUE(same_hash(secret_hash("a"), secret_hash("a")));
  EXPECT_FALSE(same_hash(secret_hash("a"), secret_hash("b")));
  EXPECT_FALSE(same_hash(secret_hash("a"), secret_hash("a").substr(1)));
  EXPECT_TRUE(same_hash("", ""));
}

}  // namespace
}  // namespace spillway::store
