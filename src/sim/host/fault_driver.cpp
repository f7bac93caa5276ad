#include "sim/host/fault_driver.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

nlohmann::ordered_json details_of(const fault& what) {
  nlohmann::ordered_json detail = nlohmann::ordered_json::object();
  const auto milliseconds = [](std::chrono::nanoseconds time) { return time.count() / 1'000'000; };
  switch (what.kind) {
    case fault_kind::slow:
    case fault_kind::skew:
      detail["by_ms"] = milliseconds(what.by);
      [[fallthrough]];
    case fault_kind::stall:
    case fault_kind::error:
    case fault_kind::refuse:
    case fault_kind::bytes:
    case fault_kind::escapes:
    case fault_kind::engine_restart:
      detail["for_ms"] = milliseconds(what.lasts);
      break;
    case fault_kind::exit:
      detail["code"] = what.code;
      detail["for_ms"] = milliseconds(what.lasts);
      break;
    case fault_kind::flood:
      detail["lines"] = what.lines;
      break;
    case fault_kind::giant:
      detail["bytes"] = what.bytes;
      break;
    default:
      break;
  }
  return detail;
}

bool strikes_engine(fault_kind kind) {
  return kind == fault_kind::slow || kind == fault_kind::error || kind == fault_kind::refuse ||
         kind == fault_kind::engine_restart;
}

}  // namespace

std::optional<found_container> struck_container(const fault& what,
                                                std::vector<found_container> all) {
  std::erase_if(all, [&](const found_container& each) {
    if (each.view->state().phase != container_phase::running) return true;
    if (what.target.empty()) return !each.view->config().model.has_value();
    return each.view->name().find(what.target) == std::string::npos;
  });
  if (all.empty()) return std::nullopt;
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.view->name() < b.view->name(); });
  return all[what.draw % all.size()];
}

fault_driver::fault_driver(asio::io_context& io, fault_schedule schedule, fault_targets targets)
    : strand_(asio::make_strand(io)),
      timer_(strand_),
      schedule_(std::move(schedule)),
      targets_(std::move(targets)) {}

void fault_driver::start() {
  asio::post(strand_, [self = shared_from_this()] {
    self->begun_ = clock_type::now();
    self->wait_for_next();
  });
}

void fault_driver::stop() {
  asio::post(strand_, [self = shared_from_this()] {
    self->timer_.cancel();
    self->schedule_ = fault_schedule({}, 0);
    destroy(self->targets_.engine);
  });
}

void fault_driver::wait_for_next() {
  auto what = schedule_.next();
  if (!what) return;
  timer_.expires_at(begun_ + what->at);
  timer_.async_wait(
      [self = shared_from_this(), what = std::move(*what)](boost::system::error_code error) {
        if (error || !self->targets_.engine) return;
        if (strikes_engine(what.kind)) {
          self->strike_engine(what);
        } else {
          auto answered = [self, what](std::vector<found_container> all) {
            asio::post(self->strand_, [self, what, all = std::move(all)]() mutable {
              self->strike_container(what, std::move(all));
            });
          };
          caf::anon_send(self->targets_.engine, list_containers{{std::move(answered), {}}});
        }
        self->wait_for_next();
      });
}

void fault_driver::strike_engine(const fault& what) {
  const auto until = clock_type::now() + what.lasts;
  targets_.record->note(what, "", details_of(what));
  switch (what.kind) {
    case fault_kind::slow:
      return targets_.trouble->slow_down(what.by, until);
    case fault_kind::error:
      return targets_.trouble->fail(until);
    case fault_kind::refuse:
      return targets_.server->vanish(what.lasts, false);
    default:
      // Connections first: clients are not to see containers end.
      targets_.trouble->close_connections();
      targets_.server->vanish(what.lasts, true);
      return caf::anon_send(targets_.engine, restart_all{what.lasts});
  }
}

void fault_driver::strike_container(const fault& what, std::vector<found_container> all) {
  if (!targets_.engine) return;
  // Only what is watched can be cut.
  if (what.kind == fault_kind::cut || what.kind == fault_kind::torn ||
      what.kind == fault_kind::stall) {
    std::erase_if(all, [this](const found_container& each) {
      return targets_.trouble->streams_of(each.view->id()).empty();
    });
  }
  const auto struck = struck_container(what, std::move(all));
  if (!struck) return;
  auto detail = details_of(what);
  detail["id"] = struck->view->id();
  detail["life"] = struck->view->life();
  switch (what.kind) {
    case fault_kind::cut:
    case fault_kind::torn:
    case fault_kind::stall:
      detail["streams"] = targets_.trouble->streams_of(struck->view->id()).size();
      targets_.record->note(what, struck->view->name(), detail);
      return strike_streams(what, *struck);
    case fault_kind::recreate:
      targets_.record->note(what, struck->view->name(), detail);
      return caf::anon_send(targets_.engine, recreate_container{struck->view->id()});
    default:
      targets_.record->note(what, struck->view->name(), detail);
      return caf::anon_send(struck->actor, strike{what});
  }
}

void fault_driver::strike_streams(const fault& what, const found_container& of) {
  for (const auto& stream : targets_.trouble->streams_of(of.view->id())) {
    if (what.kind == fault_kind::stall) {
      stream->stall(what.lasts);
    } else if (what.kind == fault_kind::cut) {
      stream->cut(cut_kind::anywhere);
    } else {
      stream->cut((what.draw >> 32U) % 2 == 0 ? cut_kind::in_header
                                              : cut_kind::in_header_with_proper_end);
    }
  }
}

}  // namespace spillway::sim
