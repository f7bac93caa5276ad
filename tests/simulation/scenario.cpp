#include "simulation/scenario.hpp"

#include <fmt/format.h>

#include <utility>

#include "actors/supervisor.hpp"

namespace spillway::simulation {

using namespace actors;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view services[] = {"web", "db"};

template <class T>
T& any_of(world& w, std::vector<T>& from) {
  return from[w.random().below(from.size())];
}

}  // namespace

scenario::scenario(world& w, plan p)
    : world_(w),
      plan_(std::move(p)),
      engine_(w, plan_.engine),
      compose_(w, plan_.compose),
      journal_(w, plan_.journal),
      audit_(w),
      endings_(w, plan_.settings, engine_, compose_, journal_, facts_),
      deps_{plan_.settings,
            engine_,
            compose_,
            journal_,
            audit_,
            [&w] { return w.now(); },
            [this](protocol::timestamp) { return fmt::format("d{}", ++deploy_ids_); },
            std::make_shared<actors::stream_meters>(),
            false},
      root_(w.actors().spawn(supervisor, &deps_)) {}

void scenario::run() {
  for (std::size_t i = 0; i < plan_.apps; ++i) {
    if (world_.chance(0.9)) engine_.create(fmt::format("simpledeploy-app{}", i), "web", 1);
  }
  for (std::size_t i = 0; i < plan_.actions && world_.violations().empty(); ++i) {
    act();
    // Most things happen while others are on their way.
    for (std::uint64_t steps = world_.between(0, 40); steps > 0 && world_.step(); --steps) {
    }
    if (world_.chance(0.08)) check_quiet();
  }
  check_quiet();
  shut_down();
}

/// One thing happens, as the plan weighs them.
void scenario::act() {
  const auto& w = plan_.weight;
  struct choice {
    double weight;
    std::function<void()> what;
  };
  const choice choices[] = {
      {w.viewer_comes, [this] { viewer_comes(); }},
      {w.viewer_leaves,
       [this] {
         if (auto* v = some_viewer()) v->connection->leave();
       }},
      {w.viewer_sticks,
       [this] {
         if (auto* v = some_viewer()) v->connection->stick(!v->connection->stuck());
       }},
      {w.viewer_is_silent,
       [this] {
         if (auto* v = some_viewer()) v->connection->be_silent();
       }},
      {w.access_ends, [this] { end_access(); }},
      {w.lines,
       [this] {
         if (auto* c = some_container()) engine_.print(*c, world_.between(1, 5));
       }},
      {w.flood,
       [this] {
         if (auto* c = some_container()) engine_.print(*c, world_.between(50, 400));
       }},
      {w.process_log, [this] { log_lines(world_.between(1, 30)); }},
      {w.run, [this] { start_run(); }},
      {w.cancel, [this] { cancel_run(); }},
      {w.question, [this] { ask_something(); }},
      {w.container_exits,
       [this] {
         if (auto* c = some_container()) engine_.exit(*c);
       }},
      {w.container_changes, [this] { change_containers(); }},
      {w.log_rotates,
       [this] {
         if (auto* c = some_container()) engine_.rotate(*c, world_.between(1, 100));
       }},
      {w.stream_fails,
       [this] {
         static const engine_error errors[] = {
             {engine_errc::unavailable, "docker engine unavailable"},
             {engine_errc::refused, "docker refused: no such luck"},
             {engine_errc::bad_answer, "docker gave a bad answer"}};
         if (auto* c = some_container()) engine_.fail_next(*c, errors[world_.random().below(3)]);
       }},
      {w.stream_stalls,
       [this] {
         if (auto* c = some_container()) engine_.stall(*c, !c->stalled);
       }},
      {w.engine_goes, [this] { engine_.set_available(!engine_.available()); }},
      {w.clock_jumps,
       [this] {
         auto* const c = some_container();
         if (c == nullptr) return;
         c->skew += std::chrono::seconds(world_.between(0, 200)) - 100s;
         c->clock_jumped = true;
         world_.note("clock jumps " + c->info.id);
       }},
      {w.publisher_throws,
       [this] {
         if (auto* c = some_container()) c->throws_on_open = true;
       }},
      {w.time_passes,
       [this] { world_.pass_to_next_timer(std::chrono::milliseconds(world_.between(0, 3'000))); }},
      {w.long_time_passes, [this] { world_.settle(std::chrono::seconds(world_.between(0, 120))); }},
  };
  double all = 0;
  for (const auto& each : choices) all += each.weight;
  double at = world_.random().fraction() * all;
  for (const auto& each : choices) {
    if ((at -= each.weight) < 0) return each.what();
  }
}

// --- viewers ------------------------------------------------------------------------------------

std::string scenario::some_app() {
  return fmt::format("app{}", world_.random().below(plan_.apps));
}

simulated_container* scenario::some_container() {
  auto& all = engine_.containers();
  return all.empty() ? nullptr : any_of(world_, all).get();
}

viewer* scenario::some_viewer() {
  std::vector<viewer*> open;
  for (const auto& v : viewers_) {
    if (v->open()) open.push_back(v.get());
  }
  return open.empty() ? nullptr : any_of(world_, open);
}

std::string scenario::log_target() {
  std::string query = fmt::format("service={}", services[world_.chance(0.8) ? 0 : 1]);
  static constexpr std::string_view tails[] = {"0", "1", "3", "20", "100", "all"};
  if (world_.chance(0.8)) query += fmt::format("&tail={}", tails[world_.random().below(6)]);
  if (world_.chance(0.2)) query += "&follow=false";
  if (world_.chance(0.1)) query += fmt::format("&replica={}", world_.between(1, 2));
  const auto moment = [this] {
    const auto at = world_.now() + std::chrono::milliseconds(world_.between(0, 100'000)) - 80s;
    return protocol::format_rfc3339_nano(at);
  };
  if (world_.chance(0.15)) query += "&since=" + moment();
  if (world_.chance(0.1)) query += "&until=" + moment();
  if (world_.chance(0.02)) query += "&tail=many";
  return fmt::format("/api/apps/{}/logs?{}", some_app(), query);
}

std::string scenario::deploy_target() {
  auto target = fmt::format("/api/apps/{}/deploy-logs", some_app());
  if (!runs_.empty() && world_.chance(0.4)) {
    // Mostly one of this app.
    const auto& known = any_of(world_, runs_);
    if (known->id) return fmt::format("/api/apps/{}/deploy-logs?deploy={}", known->app, *known->id);
  }
  if (world_.chance(0.05)) target += "?deploy=d99999";
  return target;
}

std::string scenario::some_target() {
  const double what = world_.random().fraction();
  if (what < 0.6) return log_target();
  return what < 0.9 ? deploy_target() : "/api/system/process-logs/stream";
}

void scenario::viewer_comes() {
  const auto target = some_target();
  auto request = protocol::parse_stream_target(target, world_.now());
  if (!request) return world_.broken("not a stream: " + target);
  auto& v = *viewers_.emplace_back(std::make_unique<viewer>());
  v.number = viewers_.size();
  v.name = fmt::format("viewer {}", v.number);
  v.credential = fmt::format("token {}", world_.between(1, 4));
  v.request = std::move(*request);
  v.quiet_before = world_.quiet_step();
  v.opened_at = world_.now();
  world_.note(fmt::format("{} comes for {}", v.name, target));
  if (v.request.app) v.project = protocol::compose_project("simpledeploy-", *v.request.app);
  if (const auto* wanted = v.wanted_log()) {
    v.log.emplace(world_, engine_, v.name, v.project, *wanted);
  } else if (const auto* deploy = std::get_if<protocol::deploy_logs_request>(&v.request.what)) {
    v.deploys.emplace();
    v.deploys->viewer = v.name;
    v.deploys->app = v.request.app->text();
    v.deploys->deploy_id = deploy->deploy_id;
  } else if (std::holds_alternative<protocol::process_log_request>(v.request.what)) {
    v.process_log.emplace(world_, v.name);
  }
  v.connection = std::make_shared<simulated_connection>(
      world_, v.name,
      simulated_connection::manners{world_.chance(0.4), plan_.pends,
                                    plan_.settings.stream.window_bytes,
                                    plan_.settings.stream.stall_timeout},
      [this, &v](const std::string& payload) { take_frame(v, payload); },
      [this, &v](const protocol::close_frame& how) { check_close(v, how); });
  viewer_identity from;
  from.who.user = "someone";
  from.who.credential = v.credential;
  from.who.access_version = access_version_;
  caf::anon_send(root_, open_stream{std::move(from), v.request, v.connection});
}

void scenario::end_access() {
  const auto credential = fmt::format("token {}", world_.between(1, 4));
  world_.note("access of " + credential + " ends");
  ++access_version_;
  auto asked = new_question("what to check");
  const auto newest = viewers_.size();
  caf::anon_send(
      root_, access_to_check{access_version_,
                             world_.now(),
                             {[this, asked, credential, newest](auto held) {
                                ++asked->answers;
                                facts_.access_ended[credential] = {newest, world_.step_number()};
                                std::erase_if(held, [&](const auto& each) {
                                  return each->credential != credential;
                                });
                                caf::anon_send(root_, actors::end_access{held});
                              },
                              {}}});
}

// --- deploys and the rest -----------------------------------------------------------------------

void scenario::start_run() {
  auto run = runs_.emplace_back(std::make_shared<asked_run>());
  run->app = some_app();
  std::vector<run_step> steps{{"pull", {"pull"}}, {"up", {"up", "-d"}}, {"restart", {"restart"}}};
  steps.resize(world_.between(1, steps.size()));
  run_request request{.app = *protocol::slug::parse(run->app),
                      .action = "deploy",
                      .steps = std::move(steps),
                      .project = "simpledeploy-" + run->app,
                      .compose_file = "/apps/" + run->app + "/docker-compose.yml",
                      .user = "someone",
                      .then = [run](bool) { ++run->ends; }};
  world_.note("a run of " + run->app);
  caf::anon_send(root_, actors::start_run{std::move(request),
                                          {[run](auto answer) {
                                             ++run->answers;
                                             if (answer) run->id = *answer;
                                           },
                                           tl::unexpected(run_refusal::unrecorded)}});
}

void scenario::cancel_run() {
  const auto app = some_app();
  std::optional<std::string> id;
  if (!runs_.empty() && world_.chance(0.5)) id = any_of(world_, runs_)->id;
  world_.note("cancel " + app + " " + id.value_or(""));
  auto asked = new_question("cancel");
  caf::anon_send(root_, actors::cancel_run{app, id, {[asked](bool) { ++asked->answers; }, false}});
}

std::shared_ptr<scenario::question> scenario::new_question(std::string what) {
  return questions_.emplace_back(std::make_shared<question>(question{std::move(what)}));
}

void scenario::ask_something() {
  auto asked = new_question("deploying or tail");
  if (world_.chance(0.5)) {
    caf::anon_send(root_, list_deploying{{[asked](auto) { ++asked->answers; }, {}}});
  } else {
    caf::anon_send(
        root_, tail_process_log{world_.between(0, 100), {[asked](auto) { ++asked->answers; }, {}}});
  }
}

void scenario::log_lines(std::size_t count) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back(fmt::format("p{}", process_log_lines_++));
  caf::anon_send(
      root_, process_log_lines{std::make_shared<const std::vector<std::string>>(std::move(lines))});
}

void scenario::change_containers() {
  auto* const c = some_container();
  if (c != nullptr && !c->removed && world_.chance(0.7)) {
    if (!c->running && world_.chance(0.7)) return engine_.restart(*c);
    if (world_.chance(0.3)) return engine_.remove(*c);
  }
  if (engine_.containers().size() > 12) return;
  // One for each replica of a service at a time.
  const auto project = "simpledeploy-" + some_app();
  const std::string service(services[world_.chance(0.8) ? 0 : 1]);
  const auto replica = static_cast<std::uint32_t>(world_.between(1, 2));
  for (auto& each : engine_.containers()) {
    if (!each->removed && each->info.project == project && each->info.service == service &&
        each->info.replica == replica)
      return;
  }
  engine_.create(project, service, replica);
}

}  // namespace spillway::simulation
