#include "store/secrets.hpp"

#include <fmt/format.h>
#include <sodium.h>

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

template <std::size_t Size>
std::string random_base64url() {
  need_sodium();
  std::array<unsigned char, Size> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(Size, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back();  // the terminator
  return text;
}

}  // namespace

std::string new_token() {
  return "sd_" + random_base64url<32>();
}

std::string new_session_cookie() {
  return random_base64url<32>();
}

std::string secret_hash(std::string_view secret) {
  need_sodium();
  std::string hash(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr,
                     0);
  return hash;
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
