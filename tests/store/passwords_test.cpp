#include "store/passwords.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace spillway::store {
namespace {

TEST(passwords, a_hash_is_argon2id_and_verifies_its_password_only) {
  const auto hash = hash_password("correct horse");
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->substr(0, 10), "$argon2id$");
  EXPECT_TRUE(verify_password(*hash, "correct horse"));
  EXPECT_FALSE(verify_password(*hash, "correct horsf"));
  EXPECT_FALSE(verify_password(*hash, ""));
}

TEST(passwords, eight_characters_are_enough_and_seven_are_not) {
  EXPECT_TRUE(check_password("12345678"));
  const auto short_one = check_password("1234567");
  ASSERT_FALSE(short_one);
  EXPECT_EQ(short_one.error().code, errc::invalid);
  EXPECT_NE(short_one.error().message.find("8 characters"), std::string::npos);
}

TEST(passwords, characters_are_counted_not_bytes) {
  EXPECT_FALSE(check_password("ééééééé"));  // 7 characters, 14 bytes
  EXPECT_TRUE(check_password("éééééééé"));
}

TEST(passwords, at_most_1024_bytes_are_taken) {
  EXPECT_TRUE(check_password(std::string(1024, 'x')));
  EXPECT_FALSE(check_password(std::string(1025, 'x')));
}

TEST(passwords, a_longer_password_does_not_pass_for_its_first_1024_bytes) {
  const auto hash = hash_password(std::string(1024, 'x'));
  ASSERT_TRUE(hash);
  EXPECT_FALSE(verify_password(*hash, std::string(1025, 'x')));
}

TEST(passwords, text_that_is_not_utf8_is_refused) {
  EXPECT_FALSE(check_password("12345678\xff"));
}

TEST(passwords, a_damaged_hash_verifies_nothing) {
  EXPECT_FALSE(verify_password("", "12345678"));
  EXPECT_FALSE(verify_password("$argon2id$v=19$m=65536", "12345678"));
}

TEST(passwords, an_unknown_user_costs_the_same_work_as_a_known_one) {
  ASSERT_GE(sodium_init(), 0);
  EXPECT_EQ(
      crypto_pwhash_str_needs_rehash(hash_of_nobody().c_str(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                     crypto_pwhash_MEMLIMIT_INTERACTIVE),
      0);
}

}  // namespace
}  // namespace spillway::store
