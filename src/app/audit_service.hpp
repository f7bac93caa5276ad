// The stream audit for the HTTP side.
#pragma once

#include "net/ports.hpp"
#include "store/audit_log.hpp"

namespace spillway::app {

/// Context: the worker pool: it blocks on SQLite.
class audit_service : public net::audit_trail {
 public:
  explicit audit_service(store::audit_log& log) : log_(log) {}

  net::result<std::vector<actors::audit_entry>> list(const actors::audit_query& query) override;

 private:
  store::audit_log& log_;
};

}  // namespace spillway::app
