#include "simulation/endings.hpp"

#include <algorithm>

namespace spillway::simulation {

using protocol::close_code;

template <class Predicate>
bool endings::any_container(const viewer& v, Predicate holds) const {
  const auto* const wanted = v.wanted_log();
  return wanted != nullptr &&
         std::any_of(engine_.containers().begin(), engine_.containers().end(), [&](const auto& c) {
           return c->info.project == v.project && c->info.service == wanted->service &&
                  (!wanted->replica || c->info.replica == *wanted->replica) && holds(*c);
         });
}

bool endings::admits(const viewer& v, const protocol::close_frame& how) const {
  const auto reason = how.reason.text();
  switch (how.code) {
    case close_code::normal:
      return admits_normal(v, reason);
    case close_code::going_away:
      if (reason == "server is shutting down") return facts_.shutting_down;
      return reason == "nothing received for too long" && v.connection->told_silent();
    case close_code::policy_violation: {
      const auto ended = facts_.access_ended.find(v.credential);
      return reason == "access ended" && ended != facts_.access_ended.end() &&
             ended->second.told >= v.quiet_before;
    }
    case close_code::internal_error:
      return admits_failure(v, reason);
    default:
      return false;
  }
}

bool endings::admits_normal(const viewer& v, std::string_view reason) const {
  const auto* const log = v.wanted_log();
  if (reason == "invalid parameter")
    return std::holds_alternative<protocol::invalid_request>(v.request.what);
  if (reason == "end of history") return log != nullptr && (!log->follow || log->until);
  if (reason == "container exited")
    return any_container(v, [&](const simulated_container& c) {
      return !c.running || c.last_exit >= v.quiet_before;
    });
  if (reason == "container not found") return log != nullptr && container_may_be_missing(v);
  if (!v.deploys) return false;
  if (reason == "deploy finished") return true;
  if (reason == "nothing to stream")
    return !v.deploys->deploy_id && world_.now() - v.opened_at >= settings_.deploy.start_wait;
  if (reason == "deploy not found") {
    if (!v.deploys->deploy_id) return false;
    const auto found = journal_.entries().find(*v.deploys->deploy_id);
    return found == journal_.entries().end() || found->second.record.app != v.deploys->app;
  }
  return false;
}

bool endings::container_may_be_missing(const viewer& v) const {
  return !any_container(v, [](const simulated_container& c) { return !c.removed; }) ||
         any_container(v, [&](const simulated_container& c) {
           return c.last_removal >= v.quiet_before || c.created >= v.quiet_before;
         });
}

bool endings::admits_failure(const viewer& v, std::string_view reason) const {
  const auto since = v.quiet_before;
  if (reason == "internal error, see the process log") {
    if (v.deploys) return compose_.last_throw() >= since && compose_.last_throw() != 0;
    return any_container(v, [&](const simulated_container& c) {
      return c.last_throw != 0 && c.last_throw >= since;
    });
  }
  if (reason == "this stream failed repeatedly, try again in a minute") {
    if (v.deploys) return compose_.last_throw() != 0;
    return any_container(v, [](const simulated_container& c) { return c.last_throw != 0; });
  }
  if (v.deploys) {
    const auto lacks_its_end = [&](const auto& each) {
      const auto& entry = each.second;
      return entry.record.app == v.deploys->app &&
             (entry.torn || entry.record.status == "running" || compose_.last_throw() != 0);
    };
    return reason == "the end of this deploy was not recorded" &&
           std::any_of(journal_.entries().begin(), journal_.entries().end(), lacks_its_end);
  }
  return v.log &&
         (!engine_.available() || engine_.last_unavailable() >= since ||
          any_container(v, [&](const simulated_container& c) { return c.last_failure >= since; }));
}

}  // namespace spillway::simulation
