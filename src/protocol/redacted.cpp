#include "protocol/redacted.hpp"

#include <algorithm>

namespace spillway::protocol {
namespace {

constexpr std::string_view token_begin = "sd_";
constexpr std::ptrdiff_t least_secret = 16;

bool is_base64url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

std::string redacted(std::string_view text) {
  std::string out;
  for (;;) {
    const auto at = text.find(token_begin);
    if (at == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, at)).append(token_begin);
    text.remove_prefix(at + token_begin.size());
    const auto end = std::find_if_not(text.begin(), text.end(), is_base64url);
    if (end - text.begin() < least_secret) continue;
    out.append("***");
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
}

}  // namespace spillway::protocol
