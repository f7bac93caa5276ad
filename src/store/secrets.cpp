#include "store/secrets.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

namespace spillway::store {
namespace {

/// Without a source of randomness no secret can be made, and none must be.
void need_sodium() {
  static const int status = sodium_init();
  if (status < 0) std::abort();
}

constexpr std::size_t secret_bytes = 32;
constexpr int base64url = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
/// Without the terminator.
constexpr std::size_t secret_characters = sodium_base64_ENCODED_LEN(secret_bytes, base64url) - 1;
constexpr std::string_view token_prefix_text = "sd_";

std::string random_base64url() {
  need_sodium();
  std::array<unsigned char, secret_bytes> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::string text(secret_characters + 1, '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), base64url);
  text.pop_back();
  return text;
}

bool is_base64url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

std::string new_token() {
  return std::string(token_prefix_text) + random_base64url();
}

std::string new_session_cookie() {
  return random_base64url();
}

bool is_token(std::string_view text) {
  if (!text.starts_with(token_prefix_text)) return false;
  return is_session_cookie(text.substr(token_prefix_text.size()));
}

bool is_session_cookie(std::string_view text) {
  return text.size() == secret_characters && std::all_of(text.begin(), text.end(), is_base64url);
}

std::string secret_hash(std::string_view secret) {
  need_sodium();
  std::string hash(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr,
                     0);
  return hash;
}

bool same_hash(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_deploy_id(protocol::timestamp now) {
  need_sodium();
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::milliseconds>(now - day)};
  std::array<unsigned char, 8> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 17> hex;
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}{:03}-{}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count(), hex.data());
}

}  // namespace spillway::store
