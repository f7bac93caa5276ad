// Health and the process log.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/routes/routes.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::net {
namespace {

using nlohmann::ordered_json;

void health(const context_ptr& context) {
  context->answer(200, {{"status", "ok"}});
}

/// A line that something else wrote may have no timestamp: then all of it is the message.
ordered_json process_log_entry(const std::string& line) {
  auto space = line.find(' ');
  if (space != std::string::npos && protocol::parse_rfc3339(line.substr(0, space))) {
    return {{"timestamp", line.substr(0, space)}, {"message", line.substr(space + 1)}};
  }
  return {{"timestamp", ""}, {"message", line}};
}

void process_logs(const context_ptr& context) {
  auto limit = number_parameter(context->request.query, "limit", 500);
  if (!limit) return context->fail(limit.error());
  auto most = std::min<std::size_t>(*limit, context->deps().settings.process_log.lines);
  context->deps().gateway.process_log_tail(most, [context](const std::vector<std::string>& lines) {
    auto entries = ordered_json::array();
    for (const auto& line : lines) entries.push_back(process_log_entry(line));
    context->answer(200, entries);
  });
}

constexpr route routes_of_system[] = {
    {"GET", "/api/health", needs::nothing, health},
    {"GET", "/api/system/process-logs", needs::administer, process_logs},
};

}  // namespace

std::span<const route> system_routes() {
  return routes_of_system;
}

}  // namespace spillway::net
