#include "client/server_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <cstdint>

#include "client/terminal_text.hpp"
#include "protocol/redacted.hpp"

namespace spillway::client {
namespace {

tl::unexpected<std::string> no_server(std::string_view url, const std::string& why) {
  // What stands before an @ is often a password.
  const bool secret = url.find('@') != std::string_view::npos;
  const auto shown =
      secret
          ? "the URL"
          : "\"" + terminal_text(protocol::redacted(url.substr(0, 200)), colours::removed) + "\"";
  return tl::unexpected(shown + " " + why + ": write http://HOST:PORT or https://HOST:PORT");
}

bool is_port(std::string_view text) {
  std::uint16_t number = 0;
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc{} && end == last && number > 0;
}

}  // namespace

std::string server_address::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + port;
}

tl::expected<server_address, std::string> parse_server_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed || parsed->host().empty()) return no_server(url, "is not the URL of a server");
  if (parsed->scheme() != "http" && parsed->scheme() != "https")
    return no_server(url, "is neither http nor https");
  if (parsed->has_userinfo()) return no_server(url, "holds a user name; the token is enough");
  if (parsed->encoded_path().size() > 1 || parsed->has_query() || parsed->has_fragment())
    return no_server(url, "holds more than a server");
  server_address made;
  made.tls = parsed->scheme() == "https";
  made.host = std::string(parsed->host_address());
  made.port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port())
              : made.tls                                    ? "443"
                                                            : "80";
  if (!is_port(made.port)) return no_server(url, "has a port that is none");
  if (made.host.find_first_of(std::string_view("\0\r\n ", 4)) != std::string::npos)
    return no_server(url, "has a host that is none");
  return made;
}

}  // namespace spillway::client
