// Short texts with a meaning: durations, sizes, times, addresses, origins, names, base64.
#include <array>
#include <string>

#include "config/address_range.hpp"
#include "config/docker_host.hpp"
#include "config/endpoint.hpp"
#include "config/origin.hpp"
#include "config/rate.hpp"
#include "config/size.hpp"
#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "net/base64.hpp"
#include "net/origin.hpp"
#include "protocol/duration.hpp"
#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::fuzz {
namespace {

using text_type = std::string_view;

void check_duration(text_type text) {
  const auto parsed = protocol::parse_duration(text);
  if (!parsed) return;
  require(parsed->count() >= 0, "a duration is not negative");
  // The smallest unit that can be written is the millisecond.
  const auto written =
      protocol::format_duration(std::chrono::duration_cast<std::chrono::milliseconds>(*parsed));
  require(protocol::parse_duration(written) == parsed, "a duration reads back", written);
}

void check_time(text_type text) {
  const auto parsed = protocol::parse_rfc3339(text);
  if (!parsed) return;
  const auto written = protocol::format_rfc3339_nano(*parsed);
  require(written.size() == 30, "a timestamp has one width", written);
  // With an offset it may fall into the year before or after those that can be read.
  const bool readable = written >= "1678" && written < "2262";
  if (readable) require(protocol::parse_rfc3339(written) == parsed, "a time reads back", written);
  const auto short_form = protocol::format_rfc3339_milli(*parsed);
  require(written.starts_with(text_type(short_form).substr(0, 23)), "both forms agree", short_form);
}

void check_size(text_type text) {
  const auto parsed = config::parse_size(text);
  if (!parsed) return;
  const auto written = config::format_size(*parsed);
  require(config::parse_size(written) == parsed, "a size reads back", written);
}

void check_rate(text_type text) {
  for (text_type word : {"", "failures"}) {
    const auto parsed = config::parse_rate(text, word);
    if (!parsed) continue;
    require(parsed->count > 0 && parsed->window.count() > 0, "a rate is not zero");
    const auto written = config::format_rate(*parsed, word);
    const auto again = config::parse_rate(written, word);
    require(again && again->count == parsed->count && again->window == parsed->window,
            "a rate reads back", written);
  }
}

void check_range(text_type text) {
  const auto parsed = config::address_range::parse(text);
  if (!parsed) return;
  const auto written = parsed->text();
  const auto again = config::address_range::parse(written);
  require(again && again->text() == written, "a range reads back", written);
  const auto first = boost::asio::ip::make_address(written.substr(0, written.find('/')));
  require(parsed->contains(first), "a range contains its first address", written);
}

void check_endpoint(text_type text) {
  const auto parsed = config::parse_endpoint(text);
  if (!parsed) return require(!parsed.error().empty(), "an error says why");
  const auto written = config::format_endpoint(*parsed);
  const auto again = config::parse_endpoint(written);
  require(again && again->host == parsed->host && again->port == parsed->port,
          "an endpoint reads back", written);
}

void check_docker_host(text_type text) {
  const auto parsed = config::parse_docker_host(text);
  if (!parsed) return require(!parsed.error().empty(), "an error says why");
  require(config::parse_docker_host(*parsed) == parsed, "an engine's address reads back", *parsed);
}

/// Both rooms that read origins must agree on what a page's is.
void check_origin(text_type text) {
  if (const auto normal = config::normalised_origin(text)) {
    require(config::normalised_origin(*normal) == normal, "an origin is normal once", *normal);
    const auto parsed = net::parse_origin(*normal);
    require(parsed.has_value(), "an allowed origin can match a page", *normal);
    require(net::origin_allowed(*normal, "another.example", true, {std::string(text)}),
            "an allowed origin matches itself", *normal);
  }
  if (const auto parsed = net::parse_origin(text)) {
    const bool v6 = parsed->host.find(':') != std::string::npos;
    const auto authority = (v6 ? "[" + parsed->host + "]" : parsed->host) +
                           (parsed->port.empty() ? "" : ":" + parsed->port);
    const auto written = parsed->scheme + "://" + authority;
    require(net::parse_origin(written) == parsed, "an origin reads back", written);
    const bool secure = parsed->scheme == "https";
    if (secure || parsed->scheme == "http") {
      require(net::origin_allowed(text, authority, secure, {}), "a page may ask its own server",
              written);
      require(!net::origin_allowed(text, authority, !secure, {}), "another scheme is foreign",
              written);
      require(!net::origin_allowed(text, "x" + authority, secure, {}), "another host is foreign",
              written);
    }
  }
}

void check_names(text_type text) {
  const auto app = protocol::slug::parse(text);
  const auto service = protocol::service_name::parse(text);
  if (app) require(service && app->text() == text, "a slug is a service's name as well");
  if (!app) return;
  require(text.find('/') == text_type::npos && text != "." && text != "..",
          "a slug is a file's name");
  for (text_type prefix : {"", "simpledeploy-", "-."}) {
    const auto project = protocol::compose_project(prefix, *app);
    require(!project.empty() && (std::isdigit(project[0]) || std::islower(project[0])),
            "a project begins with a letter or digit", project);
    require(project.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == text_type::npos,
            "a project has compose's alphabet", project);
  }
}

void check_base64(text_type text) {
  if (const auto decoded = net::decode_base64(text)) {
    require(net::encode_base64(*decoded) == text, "there is one way to write it", *decoded);
  }
  const auto encoded = net::encode_base64(text);
  require(net::decode_base64(encoded) == text, "base64 reads back", encoded);
}

constexpr std::array checks = {check_duration, check_time,       check_size,   check_rate,
                               check_range,    check_endpoint,   check_origin, check_names,
                               check_base64,   check_docker_host};

}  // namespace

/// The last byte says as what the text is read.
void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto chosen = input.byte();
  checks[chosen % checks.size()](input.rest());
}

}  // namespace spillway::fuzz
