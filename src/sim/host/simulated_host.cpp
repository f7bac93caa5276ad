#include "sim/host/simulated_host.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "actors/asio_coordinator.hpp"
#include "actors/spawned.hpp"
#include "sim/host/api_server.hpp"
#include "sim/host/compose_project.hpp"
#include "sim/host/engine.hpp"
#include "sim/host/fault_driver.hpp"
#include "sim/host/script_tools.hpp"
#include "sim/host/simulated_apps.hpp"
#include "sim/host/working_directory.hpp"

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// Of processes that are killed.
constexpr std::chrono::seconds stop_patience{10};

}  // namespace

/// Members end in the reverse of their order.
struct simulated_host::parts {
  parts(const host_options& o, std::uint64_t seed)
      : options(o), directory(o.directory), record(o.journal), guard(asio::make_work_guard(io)) {
    actors::schedule_on(config, io);
    around.io = &io;
    around.seed = seed;
    around.modelled_log_bytes = o.log_bytes;
    around.scripted_log_bytes = o.script_log_bytes;
    around.directory = directory.path();
    around.program = o.program;
    // Before there are threads.
    around.apart = prepare_tools(directory.path(), o.program);
    around.events = &record;
    around.ports = &ports;
    around.removal_takes = o.removal_takes;
  }
  parts(const parts&) = delete;
  parts& operator=(const parts&) = delete;
  ~parts() {
    api.reset();
    destroy(root);
    system.reset();
    guard.reset();
    io.stop();
    for (std::thread& each : threads) each.join();
  }

  void run() {
    for (unsigned i = 0; i < std::max(options.threads, 1U); ++i) {
      threads.emplace_back([this] { io.run(); });
    }
    // CAF leaves a reference to the system in a thread that makes one.
    actors::spawned([this] {
      system.emplace(config);
      root = system->spawn<engine>(&around, &events);
      return true;
    });
    api.emplace(root, host_settings{around.seed, directory.path().string(),
                                    options.compose_duration, options.deploy_lines, options.model});
    server =
        std::make_shared<api_server>(io, options.socket, api_context{&*api, &trouble, &events});
    faults = std::make_shared<fault_driver>(
        io, fault_schedule(options.faults, around.seed, options.speed),
        fault_targets{root, &trouble, server, &record});
  }

  void add_images() const {
    for (const std::string& image : options.images) {
      caf::anon_send(root, change_images{image, "", {}});
    }
  }

  void add_apps() const {
    const fs::path folder =
        options.apps_directory.empty() ? directory.path() / "apps" : options.apps_directory;
    for (const simulated_app& app : simulated_apps(options, around.seed)) {
      const fs::path file = folder / app.slug / "docker-compose.yml";
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary | std::ios::trunc) << app.compose;
      const auto parsed = parse_compose_file(app.compose, file.string(), {});
      if (!parsed) throw std::runtime_error(parsed.error());
      const compose_place place{options.project_prefix + app.slug, file.string(),
                                file.parent_path().string()};
      for (const compose_service& service : parsed->services) add_service(root, place, service);
    }
  }

  static void add_service(const engine_actor& to, const compose_place& place,
                          const compose_service& service) {
    caf::anon_send(to, change_images{service.image, "", {}});
    for (unsigned number = 1; number <= service.replicas.value_or(1); ++number) {
      auto config = parse_container_config(container_body(place, service, number).dump());
      if (!config) throw std::runtime_error(config.error().message);
      const std::string name = container_name(place, service, number);
      // Started by name, once it is there: the engine takes messages in order.
      caf::anon_send(to, create_container{name, std::move(*config), {}});
      auto found = [](api_result<found_container> made) {
        if (made) caf::anon_send(made->actor, start_container{});
      };
      caf::anon_send(to, find_container{name, {std::move(found), tl::unexpected(api_error{})}});
    }
  }

  const host_options options;
  working_directory directory;
  journal record;
  port_register ports;
  event_hub events;
  misbehaviour trouble;
  container_surroundings around;
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> guard;
  std::vector<std::thread> threads;
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
  engine_actor root;
  std::optional<engine_api> api;
  std::shared_ptr<api_server> server;
  std::shared_ptr<fault_driver> faults;
  bool running = false;
};

simulated_host::simulated_host(const host_options& options, std::uint64_t seed)
    : parts_(std::make_unique<parts>(options, seed)) {
  parts_->run();
  parts_->running = true;
}

simulated_host::~simulated_host() {
  if (parts_->running) stop();
}

std::optional<std::string> simulated_host::start() {
  if (auto wrong = parts_->server->open()) return wrong;
  parts_->add_images();
  parts_->add_apps();
  parts_->faults->start();
  return std::nullopt;
}

bool simulated_host::keeps_scripts_apart() const {
  return parts_->around.apart == isolation::full;
}

nlohmann::ordered_json simulated_host::truth() const {
  auto told = std::make_shared<std::promise<nlohmann::ordered_json>>();
  auto value = told->get_future();
  auto handler = [told](nlohmann::ordered_json truth) { told->set_value(std::move(truth)); };
  caf::anon_send(parts_->root, ask_truth{{std::move(handler), {}}});
  return value.get();
}

nlohmann::ordered_json simulated_host::faults() const {
  return parts_->record.counts();
}

bool simulated_host::stop() {
  parts_->running = false;
  parts_->faults->stop();
  parts_->server->close();
  caf::anon_send(parts_->root, shut_down{});
  // Whoever runs keeps the actor system from its end, for ever.
  const auto deadline = std::chrono::steady_clock::now() + stop_patience;
  while (parts_->system->registry().running() != 0) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace spillway::sim
