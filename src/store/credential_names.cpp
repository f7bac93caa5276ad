#include "store/credential_names.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spillway::store {
namespace {

constexpr std::string_view token_name_prefix = "token:";
constexpr std::string_view login_name_prefix = "login:";
/// Enough that no two logins share a name, too few to be of use to a thief.
constexpr std::size_t named_bytes = 8;
constexpr std::size_t hash_bytes = 32;

template <class Number>
std::optional<Number> parse_whole(std::string_view text, int base) {
  Number value{};
  const char* last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data(), last, value, base);
  if (failed != std::errc() || end != last) return std::nullopt;
  return value;
}

}  // namespace

std::string token_credential(std::int64_t id) {
  return fmt::format("{}{}", token_name_prefix, id);
}

std::string login_credential(std::string_view hash) {
  std::string credential(login_name_prefix);
  for (const char byte : hash.substr(0, named_bytes))
    credential += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return credential;
}

std::optional<std::int64_t> token_id_of(std::string_view credential) {
  if (!credential.starts_with(token_name_prefix)) return std::nullopt;
  return parse_whole<std::int64_t>(credential.substr(token_name_prefix.size()), 10);
}

std::optional<hash_range> login_hashes_of(std::string_view credential) {
  if (!credential.starts_with(login_name_prefix)) return std::nullopt;
  credential.remove_prefix(login_name_prefix.size());
  if (credential.size() != 2 * named_bytes) return std::nullopt;
  std::string begin;
  for (std::size_t i = 0; i < credential.size(); i += 2) {
    const auto byte = parse_whole<unsigned char>(credential.substr(i, 2), 16);
    if (!byte) return std::nullopt;
    begin += static_cast<char>(*byte);
  }
  return hashes_like(begin);
}

hash_range hashes_like(std::string_view hash) {
  hash_range range{std::string(hash.substr(0, named_bytes)), {}};
  range.last = range.first;
  range.first.resize(hash_bytes, '\0');
  range.last.resize(hash_bytes, '\xff');
  return range;
}

}  // namespace spillway::store
