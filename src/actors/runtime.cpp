#include "actors/runtime.hpp"

#include <atomic>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <thread>
#include <utility>

#include "actors/asio_coordinator.hpp"
#include "actors/spawned.hpp"
#include "actors/supervisor.hpp"

namespace spillway::actors {

namespace {

/// Lines on their way from the capture to the process log, at most.
constexpr std::size_t max_process_log_bytes_in_flight = 4 << 20;

}  // namespace

struct runtime::parts {
  struct asio_config : caf::actor_system_config {
    explicit asio_config(boost::asio::io_context& io) { schedule_on(*this, io); }
  };
  parts(boost::asio::io_context& io, const dependencies& deps)
      : config(io),
        system(config),
        root(spawned([&] { return system.spawn(supervisor, &deps); })) {}
  std::atomic<std::size_t> process_log_bytes{0};
  asio_config config;
  caf::actor_system system;
  supervisor_actor root;
  bool stopped = false;
};

runtime::runtime(boost::asio::io_context& io, const dependencies& deps)
    : parts_(std::make_unique<parts>(io, deps)) {}

runtime::~runtime() {
  if (!parts_->stopped) stop(std::chrono::seconds(1));
}

void runtime::open(viewer_identity from, protocol::stream_request request,
                   std::shared_ptr<viewer_connection> connection) {
  caf::anon_send(parts_->root,
                 open_stream{std::move(from), std::move(request), std::move(connection)});
}

void runtime::access_to_check(std::uint64_t version, protocol::timestamp now,
                              access_handler handler) {
  caf::anon_send(parts_->root, actors::access_to_check{version, now, {std::move(handler), {}}});
}

void runtime::end_access(std::vector<held_access_ptr> ended) {
  caf::anon_send(parts_->root, actors::end_access{std::move(ended)});
}

void runtime::start_run(run_request request, run_handler handler) {
  reply<tl::expected<std::string, run_refusal>> answer(std::move(handler),
                                                       tl::unexpected(run_refusal::unrecorded));
  caf::anon_send(parts_->root, actors::start_run{std::move(request), std::move(answer)});
}

void runtime::cancel_run(protocol::slug app, std::optional<std::string> deploy_id,
                         std::function<void(bool)> handler) {
  caf::anon_send(parts_->root,
                 actors::cancel_run{app.text(), std::move(deploy_id), {std::move(handler), false}});
}

void runtime::deploying(std::function<void(std::set<std::string>)> handler) {
  caf::anon_send(parts_->root, list_deploying{{std::move(handler), {}}});
}

void runtime::streams(std::function<void(streams_report)> handler) {
  caf::anon_send(parts_->root, report_streams{{std::move(handler), {}}});
}

void runtime::process_log_tail(std::size_t limit,
                               std::function<void(std::vector<std::string>)> handler) {
  caf::anon_send(parts_->root, tail_process_log{limit, {std::move(handler), {}}});
}

bool runtime::publish_process_log(std::vector<std::string> lines) {
  std::size_t bytes = 0;
  for (const auto& line : lines) bytes += line.size() + sizeof line;
  auto& in_flight = parts_->process_log_bytes;
  if (in_flight + bytes > max_process_log_bytes_in_flight && in_flight != 0) return false;
  in_flight += bytes;
  // Counted until the last actor has let go of them.
  std::shared_ptr<const std::vector<std::string>> shared(
      new std::vector<std::string>(std::move(lines)),
      [&in_flight, bytes](const std::vector<std::string>* gone) {
        delete gone;
        in_flight -= bytes;
      });
  caf::anon_send(parts_->root, process_log_lines{std::move(shared)});
  return true;
}

void runtime::end_sessions(std::function<void(bool)> handler) {
  caf::anon_send(parts_->root, actors::end_sessions{{std::move(handler), true}});
}

void runtime::stop_runs(bool now, std::function<void(bool)> handler) {
  caf::anon_send(parts_->root, actors::stop_runs{now, {std::move(handler), true}});
}

bool runtime::stop(std::chrono::milliseconds limit) {
  parts_->stopped = true;
  // The handle stays: others may be sending to it just now. What comes after the end is dropped.
  caf::anon_send_exit(parts_->root, caf::exit_reason::user_shutdown);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (parts_->system.registry().running() != 0) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace spillway::actors
