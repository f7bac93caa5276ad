// JSON that the Docker Engine answers with.
#include "host/docker_answers.hpp"

#include <spdlog/spdlog.h>

#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "host/docker_requests.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

void check_error(const actors::engine_error& error) {
  require(!error.message.empty() && error.message.size() < 256, "an error is one short sentence",
          error.message);
  require(protocol::is_valid_utf8(error.message), "an error is UTF-8", error.message);
  require(error.message.find('/') == std::string::npos, "an error names no path of the host",
          error.message);
}

void check_prefix(std::string_view body) {
  const auto prefix = host::parse_version_prefix(body);
  if (!prefix) return check_error(prefix.error());
  require(
      prefix->starts_with("/v") && prefix->find_first_not_of("0123456789.", 2) == std::string::npos,
      "a version becomes a safe part of a path", *prefix);
}

void check_list(std::string_view body) {
  const auto containers = host::parse_container_list(body);
  if (!containers) return check_error(containers.error());
  for (const auto& each : *containers) {
    require(host::is_container_id(each.id), "an id is a safe part of a path", each.id);
  }
}

}  // namespace

void prepare() {
  spdlog::set_level(spdlog::level::off);
}

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto status = 400u + input.byte();
  const auto body = input.rest();
  check_prefix(body);
  check_list(body);
  if (auto details = host::parse_container_details(body); !details) check_error(details.error());
  check_error(host::refused_request(status, body));
  // A project's name comes from the configuration and a slug, but ends in a path all the same.
  require(host::list_target(body).find_first_of(" \r\n\"") == std::string::npos,
          "a project's name stays within its query");
}

}  // namespace spillway::fuzz
