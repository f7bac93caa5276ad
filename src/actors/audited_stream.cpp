#include "actors/audited_stream.hpp"

#include <string>
#include <type_traits>

#include "protocol/redacted.hpp"

namespace spillway::actors {
namespace {

/// As much of a text that a client chose as is worth keeping.
constexpr std::size_t max_detail = 200;

struct named_stream {
  std::string stream;
  std::string detail;
};

named_stream name_of(const protocol::stream_request& wanted) {
  return std::visit(
      [](const auto& what) -> named_stream {
        using request = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<request, protocol::process_log_request>) {
          return {"process-logs", {}};
        } else if constexpr (std::is_same_v<request, protocol::deploy_logs_request>) {
          return {"deploy-logs", what.deploy_id.value_or("")};
        } else if constexpr (std::is_same_v<request, protocol::container_logs_request>) {
          const std::string replica = what.replica ? " " + std::to_string(*what.replica) : "";
          return {"logs", what.service + replica};
        } else {
          return {what.of_deploys ? "deploy-logs" : "logs", "invalid parameter"};
        }
      },
      wanted.what);
}

}  // namespace

opened_stream opened_stream_of(const viewer_identity& from, const protocol::stream_request& wanted,
                               protocol::timestamp now) {
  auto [stream, detail] = name_of(wanted);
  return {from.who.user,
          from.who.credential,
          from.address.to_string(),
          std::move(stream),
          wanted.app ? wanted.app->text() : "",
          protocol::redacted(detail).substr(0, max_detail),
          now};
}

void audited_stream::close(end_cause cause) {
  const dependencies* deps = std::exchange(deps_, nullptr);
  if (deps == nullptr) return;
  deps->meters->ended(cause);
  const ending& row = ending_for(cause);
  closed_stream closed{id_, std::nullopt, std::string(row.reason), lines_, bytes_, deps->now()};
  if (row.rest != remainder::cut) closed.close_code = static_cast<std::uint16_t>(row.code);
  deps->audit.closed(std::move(closed));
}

}  // namespace spillway::actors
