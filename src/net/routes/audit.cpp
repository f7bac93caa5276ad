// Who watched what.
#include <algorithm>
#include <boost/url/parse_query.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "net/routes/routes.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::net {
namespace {

constexpr std::uint64_t audit_page = 100;
constexpr std::uint64_t largest_audit_page = 1'000;

template <class Value>
nlohmann::ordered_json or_null(const std::optional<Value>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

nlohmann::ordered_json as_json(const actors::audit_entry& entry) {
  nlohmann::ordered_json made{{"id", entry.id},
                              {"user", entry.opened.user},
                              {"credential", entry.opened.credential},
                              {"address", entry.opened.address},
                              {"stream", entry.opened.stream},
                              {"app", text_or_null(entry.opened.app)},
                              {"detail", text_or_null(entry.opened.detail)},
                              {"opened_at", protocol::format_rfc3339_milli(entry.opened.opened_at)},
                              {"closed_at", nullptr},
                              {"duration_ms", nullptr},
                              {"code", or_null(entry.close_code)},
                              {"reason", text_or_null(entry.reason)},
                              {"lines", or_null(entry.lines)},
                              {"bytes", or_null(entry.bytes)}};
  if (!entry.closed_at) return made;
  made["closed_at"] = protocol::format_rfc3339_milli(*entry.closed_at);
  // The wall clock may have been set back in between.
  auto open_for = std::max(std::chrono::nanoseconds(0), *entry.closed_at - entry.opened.opened_at);
  made["duration_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(open_for).count();
  return made;
}

std::optional<std::string> text_parameter(const boost::urls::params_encoded_view& parameters,
                                          std::string_view name) {
  auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  return (*found).value.decode();
}

result<actors::audit_query> read_audit_query(std::string_view query) {
  auto limit = number_parameter(query, "limit", audit_page);
  if (!limit) return tl::unexpected(limit.error());
  constexpr std::uint64_t newest = std::numeric_limits<std::int64_t>::max();
  auto before = number_parameter(query, "before", newest);
  if (!before) return tl::unexpected(before.error());
  // A filter that cannot be read must not be taken for none.
  auto parameters = boost::urls::parse_query(query);
  if (!parameters) return tl::unexpected(failure{400, "the query is not well-formed"});
  return actors::audit_query{std::min(*limit, largest_audit_page), std::min(*before, newest),
                             text_parameter(*parameters, "user"),
                             text_parameter(*parameters, "app")};
}

void list_audit(const context_ptr& context) {
  auto query = read_audit_query(context->request.query);
  if (!query) return context->fail(query.error());
  auto entries = context->deps().audit.list(*query);
  if (!entries) return context->fail(entries.error());
  auto list = nlohmann::ordered_json::array();
  for (const auto& entry : *entries) list.push_back(as_json(entry));
  context->answer(200, list);
}

constexpr route routes_of_audit[] = {
    {"GET", "/api/system/audit", needs::administer, list_audit},
};

}  // namespace

std::span<const route> audit_routes() {
  return routes_of_audit;
}

}  // namespace spillway::net
