#include "sim/host/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "actors/actor_errors.hpp"
#include "actors/spawned.hpp"
#include "sim/host/container_json.hpp"

namespace spillway::sim {

namespace {

/// Of what is gone.
constexpr std::size_t most_remembered = 100'000;

using nlohmann::ordered_json;

bool is_container_name(const std::string& name) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-';
  };
  return name.size() > 1 && std::isalnum(static_cast<unsigned char>(name.front())) != 0 &&
         std::all_of(name.begin(), name.end(), allowed);
}

std::string label_of(const container_view& view, std::string_view name) {
  const auto& labels = view.config().labels;
  const auto found = labels.find(fmt::format("com.docker.compose.{}", name));
  return found == labels.end() ? std::string() : found->second;
}

}  // namespace

engine::engine(caf::actor_config& cfg, const container_surroundings* around, event_hub* events)
    : engine_actor::base(cfg),
      around_(around),
      events_(events),
      ids_(seed_of(around->seed, "ids")),
      images_(around->seed) {}

engine::behavior_type engine::make_behavior() {
  actors::log_exceptions(*this, "engine");
  set_down_handler([this](caf::down_msg& down) {
    // One that failed could not take its leave.
    for (const found_container& each : containers_) {
      if (each.actor.address() == down.source) return removed(std::string(each.view->id()));
    }
  });
  return {
      [this](const create_container& m) { m.answer(create(m.name, m.config)); },
      [this](const find_container& m) { m.answer(find(m.reference)); },
      [this](const list_containers& m) { m.answer(newest_first()); },
      [this](const container_told& m) { events_->publish(m.event); },
      [this](const container_removed& m) { removed(m.id); },
      [this](const recreate_container& m) {
        const auto found = find(m.id);
        if (!found) return;
        to_recreate_.emplace(found->view->id(), found->view->config());
        caf::anon_send(found->actor, remove_container{true, {}});
      },
      [this](const restart_all& m) {
        fault what;
        what.kind = fault_kind::engine_restart;
        what.lasts = m.after;
        for (const found_container& each : containers_) caf::anon_send(each.actor, strike{what});
      },
      [this](const ask_truth& m) { m.answer(truth()); },
      [this](const change_images& m) { m.answer(change(m)); },
      [this](const change_networks& m) { m.answer(change(m)); },
      [this](const begin_deploy& m) {
        const std::uint32_t number = ++deploy_numbers_[m.project];
        deploys_.push_back({m.project, number, std::nullopt, 0});
        if (deploys_.size() > most_remembered) deploys_.pop_front();
        m.answer(number);
      },
      [this](const end_deploy& m) {
        note_end(m);
        m.answer(true);
      },
      [this](shut_down) {
        ending_ = true;
        for (const found_container& each : containers_) caf::anon_send(each.actor, halt{});
        if (containers_.empty()) quit();
      },
  };
}

void engine::on_exit() {
  containers_.clear();
}

api_result<std::string> engine::create(const std::string& name, const container_config& config) {
  if (ending_) return tl::unexpected(api_error{503, "the engine is shutting down"});
  if (!images_.contains(config.image)) {
    return tl::unexpected(api_error{404, "No such image: " + full_image_name(config.image)});
  }
  std::string id = hexadecimal_id(ids_);
  const std::string called = name.empty() ? "sim_" + id.substr(0, 12) : name;
  if (!is_container_name(called)) {
    return tl::unexpected(api_error{400, "Invalid container name (" + called +
                                             "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"});
  }
  for (const found_container& each : containers_) {
    if (each.view->name() != called) continue;
    return tl::unexpected(api_error{
        409, fmt::format("Conflict. The container name \"/{}\" is already in use by container "
                         "\"{}\". You have to remove (or rename) that container to be able to "
                         "reuse that name.",
                         called, each.view->id())});
  }
  auto view = std::make_shared<container_view>(id, called, images_.id_of(config.image),
                                               ++lives_[called], wall_clock(), config);
  auto actor = actors::spawned(
      [&] { return spawn<container, caf::monitored>(engine_actor{this}, view, around_); });
  containers_.push_back({std::move(actor), std::move(view)});
  return id;
}

api_result<found_container> engine::find(const std::string& reference) const {
  std::string_view name = reference;
  if (name.starts_with('/')) name.remove_prefix(1);
  const found_container* by_beginning = nullptr;
  std::size_t matches = 0;
  for (const found_container& each : containers_) {
    if (each.view->id() == reference || each.view->name() == name) return each;
    if (reference.empty() || !each.view->id().starts_with(reference)) continue;
    by_beginning = &each;
    ++matches;
  }
  if (matches == 1) return *by_beginning;
  if (matches > 1) {
    return tl::unexpected(api_error{404, "Multiple IDs found with provided prefix: " + reference});
  }
  return tl::unexpected(api_error{404, "No such container: " + reference});
}

std::vector<found_container> engine::newest_first() const {
  return {containers_.rbegin(), containers_.rend()};
}

void engine::removed(const std::string& id) {
  const auto gone = std::find_if(containers_.begin(), containers_.end(),
                                 [&](const auto& each) { return each.view->id() == id; });
  if (gone == containers_.end()) return;
  demonitor(gone->actor.address());
  const container_view_ptr view = gone->view;
  remember(*view);
  containers_.erase(gone);
  if (ending_) {
    if (containers_.empty()) quit();
    return;
  }
  const auto again = to_recreate_.extract(id);
  if (again.empty()) return;
  const auto made = create(view->name(), again.mapped());
  if (!made) return;
  caf::anon_send(containers_.back().actor, start_container{});
}

ordered_json engine::truth_of(const container_view& view, bool exists) const {
  const container_state state = view.state();
  return {{"id", view.id()},
          {"name", view.name()},
          {"project", label_of(view, "project")},
          {"service", label_of(view, "service")},
          {"replica", label_of(view, "container-number")},
          {"life", view.life()},
          {"modelled", view.config().model.has_value()},
          {"exists", exists},
          {"running", state.phase == container_phase::running},
          {"printed", state.printed},
          {"exit_code", state.exit_code},
          {"created_at", go_time(view.created_at())},
          {"started_at", go_time(state.started_at)},
          {"finished_at", go_time(state.finished_at)}};
}

void engine::remember(const container_view& gone) {
  past_.push_back(truth_of(gone, false));
  if (past_.size() > most_remembered) past_.pop_front();
}

ordered_json engine::truth() const {
  auto all = ordered_json::array();
  for (const ordered_json& each : past_) all.push_back(each);
  for (const found_container& each : containers_) all.push_back(truth_of(*each.view, true));
  auto deploys = ordered_json::array();
  for (const deploy& each : deploys_) {
    ordered_json one{{"project", each.project}, {"number", each.number}};
    one["ended"] = each.printed.has_value();
    one["printed"] = each.printed.value_or(0);
    one["exit_code"] = each.exit_code;
    deploys.push_back(std::move(one));
  }
  ordered_json told{{"seed", around_->seed}, {"containers", all}, {"deploys", deploys}};
  if (around_->events != nullptr) told["faults"] = around_->events->counts();
  return told;
}

api_result<ordered_json> engine::change(const change_images& wanted) {
  if (!wanted.add.empty()) images_.add(wanted.add);
  if (!wanted.remove.empty()) return images_.remove(wanted.remove);
  return images_.list();
}

api_result<ordered_json> engine::change(const change_networks& wanted) {
  if (!wanted.add.empty() && !networks_.insert(wanted.add).second) {
    return tl::unexpected(api_error{409, "network with name " + wanted.add + " already exists"});
  }
  if (!wanted.remove.empty() && networks_.erase(wanted.remove) == 0) {
    return tl::unexpected(api_error{404, "network " + wanted.remove + " not found"});
  }
  auto all = ordered_json::array();
  for (const std::string& each : networks_) {
    draws from(seed_of(around_->seed, "network " + each));
    all.push_back({{"Name", each}, {"Id", hexadecimal_id(from)}, {"Driver", "bridge"}});
  }
  return all;
}

void engine::note_end(const end_deploy& ended) {
  for (auto each = deploys_.rbegin(); each != deploys_.rend(); ++each) {
    if (each->project != ended.project || each->number != ended.number) continue;
    each->printed = ended.printed;
    each->exit_code = ended.exit_code;
    return;
  }
}

}  // namespace spillway::sim
