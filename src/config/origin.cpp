#include "config/origin.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <cstdint>

namespace spillway::config {
namespace {

/// The port that is written; 0 where that is none. Boost's own reading of one that is too long for
/// 16 bits can be another port.
std::uint16_t written_port(const boost::urls::url_view& url) {
  std::string_view text = url.port();
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() ? port : 0;
}

bool is_default_port(const boost::urls::url_view& url, std::uint16_t port) {
  auto scheme = url.scheme_id();
  return (scheme == boost::urls::scheme::http && port == 80) ||
         (scheme == boost::urls::scheme::https && port == 443);
}

/// What a browser can send: a name or an address, no pattern.
bool is_host(const boost::urls::url_view& url) {
  if (url.host_type() == boost::urls::host_type::ipvfuture) return false;
  if (url.host_type() == boost::urls::host_type::ipv6) return true;
  return std::ranges::all_of(url.encoded_host(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

bool is_origin(const boost::urls::url_view& url) {
  bool more =
      url.has_userinfo() || !url.encoded_path().empty() || url.has_query() || url.has_fragment();
  bool bad_port = url.has_port() && written_port(url) == 0;
  bool zone = url.encoded_host().find('%') != std::string_view::npos;
  return !more && !bad_port && !url.encoded_host().empty() && !zone && is_host(url);
}

}  // namespace

std::optional<std::string> normalised_origin(std::string_view text) {
  auto url = boost::urls::parse_uri(text);
  if (!url || !is_origin(*url)) return std::nullopt;
  std::string origin{url->scheme()};
  origin.append("://").append(url->encoded_host());
  const auto port = written_port(*url);
  if (url->has_port() && !is_default_port(*url, port)) {
    origin.append(":").append(std::to_string(port));
  }
  std::ranges::transform(origin, origin.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return origin;
}

}  // namespace spillway::config
