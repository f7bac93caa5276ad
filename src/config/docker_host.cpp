#include "config/docker_host.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include "config/endpoint.hpp"
#include "protocol/utf8.hpp"

namespace spillway::config {
namespace {

constexpr std::string_view unix_scheme = "unix://";
constexpr std::string_view tcp_scheme = "tcp://";
constexpr std::size_t max_socket_path_size = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

tl::expected<std::string, std::string> parse_docker_host(std::string_view url) {
  auto fail = [](std::string why) { return tl::unexpected{std::move(why)}; };
  if (url.starts_with(unix_scheme)) {
    std::string_view path = url.substr(unix_scheme.size());
    if (!path.starts_with('/') || path.size() == 1) {
      return fail("the path of the socket is not absolute, write unix:///PATH");
    }
    if (path.size() > max_socket_path_size) {
      return fail(fmt::format("the path of a socket has at most {} bytes", max_socket_path_size));
    }
    if (path.find('\0') != std::string_view::npos) return fail("the path holds a zero byte");
    return std::string{url};
  }
  if (!url.starts_with(tcp_scheme)) {
    return fail("only unix:///PATH and tcp://HOST:PORT are supported");
  }
  std::string_view address = url.substr(tcp_scheme.size());
  if (address.ends_with('/')) address.remove_suffix(1);
  auto engine = parse_endpoint(address);
  if (!engine) return fail(engine.error());
  if (engine->port == 0) return fail("nothing can connect to port 0");
  return std::string{tcp_scheme} + format_endpoint(*engine);
}

tl::expected<void, std::string> apply_environment(settings& target, bool docker_host_was_set,
                                                  const environment_lookup& lookup) {
  if (docker_host_was_set) return {};
  const char* value = lookup("DOCKER_HOST");
  // Docker's own tools take an empty variable for an unset one, too.
  if (value == nullptr || *value == '\0') return {};
  auto url = parse_docker_host(value);
  if (!url) {
    return tl::unexpected{
        fmt::format("DOCKER_HOST={} cannot be used: {}; change it or set docker.host",
                    protocol::repaired_utf8(value), url.error())};
  }
  target.docker.host = *url;
  return {};
}

}  // namespace spillway::config
