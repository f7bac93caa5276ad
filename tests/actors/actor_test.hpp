// Deterministic runs of actors: one message at a time, in an order drawn from a seed, in virtual
// time.
#pragma once

#include <gtest/gtest.h>

#include <caf/all.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "actors/dependencies.hpp"
#include "actors/messages.hpp"
#include "actors/supervisor.hpp"
#include "fake_audit.hpp"
#include "fake_compose.hpp"
#include "fake_connection.hpp"
#include "fake_engine.hpp"
#include "fake_journal.hpp"
#include "support/seeded_actors.hpp"

namespace spillway::actors::testing {

using test::seeded_config;
using test::seeded_coordinator;

/// A supervisor with everything outside faked.
class actor_world {
 public:
  explicit actor_world(std::uint64_t seed = 1, config::settings s = {})
      : settings(std::move(s)), config_(seed), system(config_) {
    deps.sessions_on_strands = false;
    root = system.spawn(supervisor, &deps);
    run();
  }
  ~actor_world() {
    caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
    root = nullptr;
    run();
    for (auto& v : viewers) v->drop();
    run();
  }

  seeded_coordinator& scheduler() { return static_cast<seeded_coordinator&>(system.scheduler()); }
  bool step() { return scheduler().step(); }
  void run() {
    while (step()) {
    }
  }
  /// From timeout to timeout, as real time would go.
  void advance(std::chrono::nanoseconds by) {
    auto& clock = scheduler().clock();
    const auto end = clock.current_time + by;
    run();
    while (!clock.schedule().empty() && clock.schedule().begin()->first <= end) {
      const auto due = clock.schedule().begin()->first;
      if (due > clock.current_time) wall += due - clock.current_time;
      clock.trigger_timeout();
      run();
    }
    wall += end - clock.current_time;
    clock.current_time = end;
  }

  std::shared_ptr<fake_connection> open(const std::string& target) {
    auto viewer = std::make_shared<fake_connection>();
    viewers.push_back(viewer);
    auto request = protocol::parse_stream_target(target, wall);
    if (!request) {
      ADD_FAILURE() << "not a stream: " << target;
      return viewer;
    }
    caf::anon_send(root, open_stream{from, *request, viewer});
    return viewer;
  }
  std::shared_ptr<fake_connection> open_and_run(const std::string& target) {
    auto viewer = open(target);
    run();
    return viewer;
  }

  /// Starts a run; `answer` holds what the caller got, once it got it.
  struct started {
    std::optional<tl::expected<std::string, run_refusal>> answer;
    std::optional<bool> succeeded;
  };
  std::shared_ptr<started> start_run(const std::string& app, std::vector<run_step> steps) {
    auto result = std::make_shared<started>();
    run_request request{.app = *protocol::slug::parse(app),
                        .action = "deploy",
                        .steps = std::move(steps),
                        .project = "simpledeploy-" + app,
                        .compose_file = "/apps/" + app + "/docker-compose.yml",
                        .user = "admin",
                        .then = [result](bool ok) { result->succeeded = ok; }};
    caf::anon_send(root, actors::start_run{std::move(request),
                                           {[result](auto answer) { result->answer = answer; },
                                            tl::unexpected(run_refusal::unrecorded)}});
    return result;
  }

  config::settings settings;
  protocol::timestamp wall{std::chrono::seconds(1'776'420'872)};  // 2026-04-17T10:14:32Z
  fake_engine engine;
  fake_compose compose;
  fake_journal journal;
  fake_audit audit;
  /// Who opens the next streams.
  viewer_identity from;
  int ids = 0;
  dependencies deps{settings,
                    engine,
                    compose,
                    journal,
                    audit,
                    [this] { return wall; },
                    [this](protocol::timestamp) { return "d" + std::to_string(++ids); }};

 private:
  seeded_config config_;

 public:
  caf::actor_system system;
  supervisor_actor root;
  std::vector<std::shared_ptr<fake_connection>> viewers;
};

}  // namespace spillway::actors::testing
