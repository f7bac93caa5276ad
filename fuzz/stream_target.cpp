// The target of a WebSocket upgrade: path and query.
#include <string>

#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "protocol/stream_request.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

using namespace protocol;

constexpr timestamp now{std::chrono::seconds{1'776'420'872}};

std::string print(timestamp at) {
  const auto ticks = at.time_since_epoch().count();
  // RFC 3339 ends with the year 2261, Unix seconds begin with 1970.
  if (ticks < 0) return format_rfc3339_nano(at);
  auto fraction = std::to_string(ticks % 1'000'000'000);
  return std::to_string(ticks / 1'000'000'000) + "." + std::string(9 - fraction.size(), '0') +
         fraction;
}

std::string query_of(const deploy_logs_request& request) {
  return "deploy-logs" + (request.deploy_id ? "?deploy=" + *request.deploy_id : "");
}

std::string query_of(const container_logs_request& request) {
  std::string text = "logs?service=" + request.service +
                     "&tail=" + (request.tail ? std::to_string(*request.tail) : "all") +
                     "&follow=" + (request.follow ? "true" : "false");
  if (request.since) text += "&since=" + print(*request.since);
  if (request.until) text += "&until=" + print(*request.until);
  if (request.replica) text += "&replica=" + std::to_string(*request.replica);
  return text;
}

/// The plainest target with the same meaning.
struct printer {
  const stream_request& all;

  std::string operator()(const deploy_logs_request& request) const {
    return "/api/apps/" + all.app->text() + "/" + query_of(request);
  }
  std::string operator()(const container_logs_request& request) const {
    return "/api/apps/" + all.app->text() + "/" + query_of(request);
  }
  std::string operator()(const process_log_request&) const {
    return "/api/system/process-logs/stream";
  }
  std::string operator()(const invalid_request&) const { return {}; }
};

void check_bounds(const container_logs_request& request) {
  require(service_name::parse(request.service).has_value(), "the service is a name");
  require(!request.tail || *request.tail <= 1'000'000'000, "the tail is bounded");
  require(!request.replica || *request.replica > 0, "replicas count from 1");
  require(!request.since || !request.until || *request.since <= *request.until,
          "since comes before until");
}

}  // namespace

void run(std::string_view target) {
  const auto parsed = parse_stream_target(target, now);
  if (!parsed) return;
  const bool of_server = std::holds_alternative<process_log_request>(parsed->what);
  require(parsed->app.has_value() != of_server, "a stream is of an app or of the server");
  require(right_for(*parsed) == (of_server ? right::administer : right::read),
          "the process log is for administrators alone");
  if (const auto* invalid = std::get_if<invalid_request>(&parsed->what)) {
    require(invalid->message.starts_with("invalid "), "the message says what is invalid");
    require(is_valid_utf8(invalid->message), "the message is UTF-8");
    require(invalid->message.size() < 512, "the message is short");
    return;
  }
  if (const auto* logs = std::get_if<container_logs_request>(&parsed->what)) check_bounds(*logs);
  const auto plain = std::visit(printer{*parsed}, parsed->what);
  require(parse_stream_target(plain, now) == parsed, "what is printed reads back as the same",
          plain);
}

}  // namespace spillway::fuzz
