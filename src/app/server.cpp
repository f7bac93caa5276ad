#include "app/server.hpp"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>
#include <vector>

#include "actors/runtime.hpp"
#include "app/access_watch.hpp"
#include "app/account_service.hpp"
#include "app/app_catalog_service.hpp"
#include "app/audit_service.hpp"
#include "app/dashboard_files.hpp"
#include "app/databases.hpp"
#include "app/exit_codes.hpp"
#include "app/identity_service.hpp"
#include "app/logging.hpp"
#include "app/metered_ports.hpp"
#include "app/metrics.hpp"
#include "app/secrecy.hpp"
#include "app/server_tls.hpp"
#include "app/stop_signal.hpp"
#include "config/endpoint.hpp"
#include "host/compose_processes.hpp"
#include "host/descriptor_limit.hpp"
#include "host/docker_engine.hpp"
#include "host/left_processes.hpp"
#include "host/output_capture.hpp"
#include "net/http_server.hpp"
#include "store/audit_log.hpp"
#include "store/deploy_journal_store.hpp"
#include "store/secrets.hpp"

namespace spillway::app {

namespace {

using std::chrono::milliseconds;

/// Threads for what blocks: SQLite, Argon2, files.
constexpr std::size_t worker_threads = 4;
/// What a compose process group gets between SIGTERM and SIGKILL.
constexpr milliseconds compose_kill_grace{5'000};
/// What is left to an actor system that has nothing to do but end.
constexpr milliseconds actor_stop_limit{3'000};

protocol::timestamp wall_clock() {
  return std::chrono::system_clock::now();
}

/// The threads that run sockets and actors. They run from the constructor to the destructor.
class io_threads {
 public:
  io_threads(boost::asio::io_context& io, std::size_t count)
      : io_(io), work_(boost::asio::make_work_guard(io)) {
    for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
  }
  ~io_threads() {
    work_.reset();
    io_.stop();
    for (auto& t : threads_) t.join();
  }
  io_threads(const io_threads&) = delete;
  io_threads& operator=(const io_threads&) = delete;

 private:
  void run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& e) {
        // Handlers keep their exceptions; this is the net below them.
        spdlog::critical("[server] an I/O handler failed: {}", e.what());
      }
    }
  }
  boost::asio::io_context& io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

std::size_t thread_count(const config::settings& s) {
  return s.threads != 0 ? s.threads : std::max(1U, std::thread::hardware_concurrency());
}

/// Descriptors beside those of viewers: log streams, deploys, files.
constexpr rlim_t other_descriptors = 256;
/// Of all descriptors, connections that are no streams may take a quarter.
constexpr rlim_t for_all(rlim_t streams) {
  return (streams + other_descriptors) * 4 / 3;
}

/// Connections that are no streams, at the least.
constexpr std::size_t least_connections = 256;

/// A viewer past the limit would not even be refused: its connection could not be accepted. Returns
/// how many descriptors there may be.
rlim_t provide_descriptors(const config::settings& s) {
  const rlim_t may_open = host::raise_descriptor_limit();
  spdlog::info("[server] up to {} files and connections may be open", may_open);
  if (may_open >= for_all(s.limits.max_viewers)) return may_open;
  spdlog::warn(
      "[server] limits.max_viewers is {}, for which {} open files are too few: allow this service "
      "{} (systemd: LimitNOFILE=) or lower limits.max_viewers",
      s.limits.max_viewers, may_open, for_all(s.limits.max_viewers));
  return may_open;
}

/// Several chunks fit into a ring: else a burst would pass through it before a viewer that keeps up
/// could ask for more.
host::log_limits log_limits_of(const config::settings& s) {
  return {.line_bytes = s.logs.max_line_bytes,
          .chunk_bytes = std::clamp<std::size_t>(s.logs.ring_size_bytes / 4, 16 << 10, 256 << 10)};
}

void report_recovery(const store::deploy_journal_store::recovery& found) {
  for (const auto& record : found.closed) {
    spdlog::warn("[deploy] {} of {} was running when the server stopped; it is recorded as {}",
                 record.id, record.app, record.status);
  }
  for (const auto& problem : found.problems) spdlog::error("[deploy] {}", problem);
}

/// A deploy that goes on behind the back of its record would meet the next one of its app.
void end_left_deploys(const std::string& instance, const std::vector<std::string>& deploy_ids) {
  std::vector<std::string> marks;
  marks.reserve(deploy_ids.size());
  for (const auto& id : deploy_ids) marks.push_back(host::deploy_mark(instance, id));
  const std::size_t ended = host::end_left_processes(marks, compose_kill_grace);
  if (ended > 0) spdlog::warn("[deploy] ended {} processes of deploys that were left", ended);
}

/// Everything of a running server, in the order of their lives: what stands below uses what stands
/// above. Context: the main thread.
class server {
 public:
  server(const config::settings& s, databases db, server_tls& tls, rlim_t may_open)
      : settings_(s),
        tls_(tls),
        may_open_(may_open),
        instance_(host::instance_of(s.data_dir)),
        workers_(worker_threads),
        access_db_(std::move(db.access)),
        journal_(db.main, workers_.get_executor(),
                 {.keep_deploys = s.deploy.history, .keep_bytes = s.deploy.history_size_bytes}),
        audit_(std::move(db.audit), workers_.get_executor(), {.keep = s.audit.records}),
        audit_trail_(audit_),
        users_(db.main, s.auth.session_lifetime),
        accounts_(db.main),
        catalog_(db.main, s),
        engine_(io_, s.docker.host, log_limits_of(s)),
        compose_(io_, {.command = s.docker.compose_command,
                       .docker_host = s.docker.host,
                       .config_dir = s.docker.config_dir,
                       .instance = instance_,
                       .max_line_bytes = s.logs.max_line_bytes,
                       .kill_grace = compose_kill_grace}),
        metered_engine_(engine_, metrics_),
        metered_journal_(journal_, metrics_),
        actor_deps_{settings_,  metered_engine_,      compose_, metered_journal_, audit_,
                    wall_clock, store::new_deploy_id, meters_} {}

  int run(host::output_capture& capture, stop_signal& stop, console io) {
    auto recovered =
        journal_.recover(wall_clock(), [&](const auto& ids) { end_left_deploys(instance_, ids); });
    if (!recovered) return complain(io, recovered.error());
    report_recovery(*recovered);
    if (const auto begun = audit_.begin(); !begun) return complain(io, begun.error().message);
    {
      actors::runtime actors(io_, actor_deps_);
      // They end before the actors' gateway goes, which their handlers may still call.
      io_threads threads(io_, thread_count(settings_));
      capture.set_sink([&actors](std::vector<std::string> lines) {
        return actors.publish_process_log(std::move(lines));
      });
      const int code = listen_and_wait(actors, stop, io);
      // Nobody views the process log any more. What is still said goes out through the capture,
      // which does not wait for a terminal that is held up.
      capture.set_sink([](const std::vector<std::string>&) { return true; });
      if (!actors.stop(actor_stop_limit)) {
        spdlog::critical("[server] actors did not end in time; leaving without them");
        capture.stop();
        std::_Exit(exit_failure);
      }
      workers_.join();
      audit_.end();
      if (code != exit_fine) return code;
    }
    spdlog::info("[server] stopped");
    return exit_fine;
  }

 private:
  static int complain(console io, const std::string& sentence) {
    io.err << sentence << std::endl;
    return exit_failure;
  }

  int listen_and_wait(actors::runtime& actors, stop_signal& stop, console io) {
    net::dependencies deps{settings_, users_,          accounts_, audit_trail_,
                           catalog_,  metered_engine_, actors,    workers_.get_executor()};
    deps.metrics = &metrics_;
    deps.dashboard = dashboard_files();
    deps.tls = tls_.context();
    // What only waits for a request, or came to do harm, leaves the rest to viewers.
    deps.max_connections = std::max<std::size_t>(may_open_ / 4, least_connections);
    net::http_server http(io_, deps);
    const access_watch watch(access_db_, actors);
    auto port = http.listen(settings_.listen);
    if (!port) return complain(io, port.error());
    io.out << "listening on " << tls_.scheme() << "://"
           << config::format_endpoint({settings_.listen.host, *port}) << std::endl;
    sd_notify(0, "READY=1");
    int signal = stop.wait();
    for (; signal == SIGHUP; signal = stop.wait()) tls_.reload();
    spdlog::info("[server] {} received, stopping", signal == SIGINT ? "SIGINT" : "SIGTERM");
    sd_notify(0, "STOPPING=1");
    http.stop();
    end_streams_and_runs(actors, stop);
    return exit_fine;
  }

  /// Every viewer gets 1001; running deploys get the grace, or until a second signal, and are then
  /// ended. No step waits longer than its deadline.
  void end_streams_and_runs(actors::runtime& actors, stop_signal& stop) {
    const auto deadline = std::chrono::steady_clock::now() + settings_.shutdown.grace;
    completion sessions(stop);
    completion runs(stop);
    actors.end_sessions(sessions.handler());
    actors.stop_runs(false, runs.handler());
    if (!runs.wait_until(deadline)) {
      spdlog::warn("[deploy] ending the deploys that still run");
      actors.stop_runs(true, [](bool) {});
      runs.wait_until(std::chrono::steady_clock::now() + compose_kill_grace + milliseconds(1'000),
                      completion::patience::ignore_second_signal);
    }
    if (!sessions.wait_until(std::max(deadline, std::chrono::steady_clock::now()))) {
      spdlog::warn("[server] some viewers did not answer the close in time");
    }
  }

  const config::settings& settings_;
  server_tls& tls_;
  const rlim_t may_open_;
  const std::string instance_;
  const std::shared_ptr<actors::stream_meters> meters_ = std::make_shared<actors::stream_meters>();
  // Before the worker pool, whose last jobs may count.
  metrics metrics_{settings_, meters_};
  boost::asio::io_context io_;
  boost::asio::thread_pool workers_;
  const std::shared_ptr<store::database> access_db_;
  store::deploy_journal_store journal_;
  store::audit_log audit_;
  audit_service audit_trail_;
  identity_service users_;
  account_service accounts_;
  app_catalog_service catalog_;
  host::docker_engine engine_;
  host::compose_processes compose_;
  metered_engine metered_engine_;
  metered_journal metered_journal_;
  actors::dependencies actor_deps_;
};

}  // namespace

int run_server(const config::settings& settings, const std::string& log_level, console io) {
  forbid_memory_dumps();
  server_tls tls(settings);
  if (const auto loaded = tls.load(); !loaded) {
    io.err << loaded.error() << std::endl;
    return exit_bad_configuration;
  }
  auto db = databases::open(settings.data_dir);
  if (!db) {
    io.err << db.error().message << std::endl;
    return exit_failure;
  }
  // First of all that starts threads: they inherit which signals are blocked.
  stop_signal stop;
  // From here on everything that the process writes is in its process log.
  auto capture = host::output_capture::start({.max_line_bytes = settings.logs.max_line_bytes});
  if (!capture) {
    io.err << capture.error() << std::endl;
    return exit_failure;
  }
  set_up_logging(log_level);
  tls.log_loaded();
  const rlim_t may_open = provide_descriptors(settings);
  server running(settings, std::move(*db), tls, may_open);
  const int code = running.run(**capture, stop, io);
  (*capture)->stop();
  return code;
}

}  // namespace spillway::app
