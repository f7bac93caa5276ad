#include "config/origin.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace spillway::config {
namespace {

bool has_default_port(const boost::urls::url_view& url) {
  auto scheme = url.scheme_id();
  return (scheme == boost::urls::scheme::http && url.port_number() == 80) ||
         (scheme == boost::urls::scheme::https && url.port_number() == 443);
}

bool is_origin(const boost::urls::url_view& url) {
  bool more =
      url.has_userinfo() || !url.encoded_path().empty() || url.has_query() || url.has_fragment();
  bool bad_port = url.has_port() && url.port_number() == 0;  // also what is no number of 16 bits
  return !more && !bad_port && !url.encoded_host().empty() &&
         url.encoded_host().find('%') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> normalised_origin(std::string_view text) {
  auto url = boost::urls::parse_uri(text);
  if (!url || !is_origin(*url)) return std::nullopt;
  std::string origin{url->scheme()};
  origin.append("://").append(url->encoded_host());
  if (url->has_port() && !has_default_port(*url)) {
    origin.append(":").append(std::to_string(url->port_number()));
  }
  std::ranges::transform(origin, origin.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return origin;
}

}  // namespace spillway::config
