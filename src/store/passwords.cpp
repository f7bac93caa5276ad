#include "store/passwords.hpp"

#include <sodium.h>

#include <algorithm>

#include "protocol/utf8.hpp"

namespace spillway::store {

result<void> check_password(std::string_view password) {
  if (password.size() > max_password_bytes)
    return fail(errc::invalid, "the password is too long: 1024 bytes are the most");
  if (!protocol::is_valid_utf8(password))
    return fail(errc::invalid, "the password is not UTF-8 text");
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  const auto characters =
      password.size() - std::count_if(password.begin(), password.end(), continues);
  if (characters < min_password_characters)
    return fail(errc::invalid, "the password is too short: give at least 8 characters");
  return {};
}

result<std::string> hash_password(std::string_view password) {
  if (const auto checked = check_password(password); !checked)
    return tl::unexpected(checked.error());
  char hash[crypto_pwhash_STRBYTES];
  if (sodium_init() < 0 ||
      crypto_pwhash_str(hash, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    return fail(errc::unavailable,
                "the password could not be hashed: it takes 64 MiB of free memory");
  return std::string(hash);
}

bool verify_password(const std::string& hash, std::string_view password) {
  // A longer one cannot be right; its length must not buy it more work, nor less.
  const bool possible = password.size() <= max_password_bytes;
  const auto tried = password.substr(0, max_password_bytes);
  const bool matches =
      sodium_init() >= 0 && crypto_pwhash_str_verify(hash.c_str(), tried.data(), tried.size()) == 0;
  return matches && possible;
}

void verify_nothing(std::string_view password) {
  verify_password(hash_of_nobody(), password);
}

const std::string& hash_of_nobody() {
  // Of 32 random bytes that nobody kept, with the parameters of hash_password.
  static const std::string hash =
      "$argon2id$v=19$m=65536,t=2,p=1$poYy23i7qLKgZfcku7JkWA$"
      "NXNp/kCvrRpq/3oFcsny1VZp+pUdRzXsFzFQfzXsxfc";
  return hash;
}

}  // namespace spillway::store
