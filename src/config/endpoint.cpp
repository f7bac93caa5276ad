#include "config/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace spillway::config {
namespace {

constexpr std::size_t max_host_size = 253;  // of a DNS name

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, port);
  if (error != std::errc{} || end != last) return std::nullopt;
  return port;
}

/// Names and addresses; which of them exist shows when one is used.
bool is_host(std::string_view text, bool in_brackets) {
  auto is_allowed = [in_brackets](char c) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '.' || c == '-' || c == '_';
    return plain || (in_brackets && (c == ':' || c == '%'));
  };
  return !text.empty() && text.size() <= max_host_size && std::ranges::all_of(text, is_allowed);
}

}  // namespace

tl::expected<endpoint, std::string> parse_endpoint(std::string_view text) {
  auto fail = [](std::string_view why) { return tl::unexpected{std::string{why}}; };
  std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return fail("it has no port, write HOST:PORT");
  std::string_view host = text.substr(0, colon);
  auto port = parse_port(text.substr(colon + 1));
  if (!port) return fail("the port is not a number from 0 to 65535, write HOST:PORT");

  bool in_brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (host.empty()) return fail("it has no host, write 0.0.0.0:PORT for every address");
  if (!in_brackets && host.find(':') != std::string_view::npos) {
    return fail("an IPv6 address needs brackets, write [ADDRESS]:PORT");
  }
  if (in_brackets && host.find(':') == std::string_view::npos) {
    return fail("brackets are for IPv6 addresses alone, write HOST:PORT");
  }
  if (!is_host(host, in_brackets)) return fail("the host is not a name or address");
  return endpoint{std::string{host}, *port};
}

std::string format_endpoint(const endpoint& address) {
  bool needs_brackets = address.host.find(':') != std::string::npos;
  return needs_brackets ? fmt::format("[{}]:{}", address.host, address.port)
                        : fmt::format("{}:{}", address.host, address.port);
}

}  // namespace spillway::config
