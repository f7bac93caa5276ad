#include "app/audit_service.hpp"

#include "app/store_failure.hpp"

namespace spillway::app {

net::result<std::vector<actors::audit_entry>> audit_service::list(
    const actors::audit_query& query) {
  auto entries = log_.list(query);
  if (!entries) return answer(entries.error());
  return std::move(*entries);
}

}  // namespace spillway::app
