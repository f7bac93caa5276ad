#include "sim/viewers/crowd_run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

#include "actors/asio_coordinator.hpp"
#include "actors/spawned.hpp"
#include "sim/viewers/crowd.hpp"
#include "sim/viewers/crowd_report.hpp"
#include "sim/viewers/crowd_scene.hpp"
#include "sim/viewers/report_plots.hpp"
#include "sim/viewers/run_progress.hpp"
#include "sim/viewers/run_sampler.hpp"

namespace spillway::sim {

namespace {

using namespace std::chrono_literals;

/// Past the closing handshake's deadline; then whoever is left is forgotten.
constexpr auto end_patience = 40s;
constexpr auto between_looks = 50ms;

/// What the main thread waits for.
class crowd_signals {
 public:
  void interrupt() { set(interrupted_); }
  void gone() { set(gone_); }
  /// Whether there is a reason to stop before `until`.
  bool wait_interrupted(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [this] { return interrupted_ || gone_; });
  }
  bool wait_gone(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [this] { return gone_; });
  }

 private:
  void set(bool& what) {
    const std::lock_guard lock(mutex_);
    what = true;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool interrupted_ = false;
  bool gone_ = false;
};

struct crowd_system_config : caf::actor_system_config {
  explicit crowd_system_config(boost::asio::io_context& io) { actors::schedule_on(*this, io); }
};

/// Threads that run sockets and actors, as long as it lives.
class io_threads {
 public:
  io_threads(boost::asio::io_context& io, unsigned count) : work_(io.get_executor()) {
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([&io] { io.run(); });
  }
  io_threads(const io_threads&) = delete;
  io_threads& operator=(const io_threads&) = delete;
  ~io_threads() {
    work_.reset();
    for (auto& each : threads_) each.join();
  }

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

bool write_whole(const std::string& file, const std::string& text, console io) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out) return true;
  io.err << "spillway-sim: cannot write " << file << '\n';
  return false;
}

bool write_files(const crowd_plan& plan, const crowd_report& report, console io) {
  bool good = true;
  if (!plan.json_file.empty()) good &= write_whole(plan.json_file, as_json(report), io);
  if (!plan.html_file.empty()) good &= write_whole(plan.html_file, as_html(report), io);
  if (plan.plots_folder.empty()) return good;
  for (const auto& [name, svg] : plots_of(report))
    good &= write_whole(plan.plots_folder + "/" + name + ".svg", svg, io);
  return good;
}

std::vector<std::string> remarks_on(const crowd_report& report, const crowd_plan& plan) {
  std::vector<std::string> remarks;
  const auto any = [&](const char* label) { return report.ends.contains(label); };
  if (any("refused with 429")) {
    remarks.emplace_back(
        "the server refused viewers with 429: raise limits.max_viewers_per_user for this run, or "
        "allow that with --allow-limits");
  }
  if (any("refused with 503")) {
    remarks.emplace_back("the server refused viewers with 503: see limits.max_viewers");
  }
  if (report.totals.lines == 0 && plan.streams->share(stream_kind::logs) > 0) {
    remarks.emplace_back(
        "no numbered line was seen, so neither order nor loss was checked: do the containers "
        "print as those of `spillway-sim host` do?");
  }
  std::uint64_t lag = 0;
  for (const auto& each : report.timeline) lag = std::max(lag, each.own_lag);
  if (lag > 100'000) {
    remarks.push_back(
        fmt::format("the simulation itself was up to {} late: latencies are no better than that",
                    duration_text(lag)));
  }
  return remarks;
}

/// A viewer that is told of a container's exit has had all that it printed.
void check_exits(const viewing& run, const host_journal& journal) {
  using time_point = std::chrono::system_clock::time_point;
  for (const auto& [told, witness] : run.board.told_exits()) {
    // A lambda takes no structured binding in every C++20 compiler.
    const auto& end = told;
    const auto& stream = run.streams[end.stream];
    const std::string name = stream.app + "_" + stream.service + "_1";
    const auto life =
        std::find_if(journal.lives.begin(), journal.lives.end(), [&](const auto& each) {
          return each.first.second == end.life && each.first.first.ends_with(name);
        });
    const time_point opened(std::chrono::duration_cast<time_point::duration>(witness.opened_at));
    if (life == journal.lives.end() || life->second.may_end_after(end.number, opened)) continue;
    auto found = witness.evidence;
    found.what = {flaw_kind::gap,
                  fmt::format("an exit was told after line #{}.{}, before which there was none",
                              end.life, end.number)};
    run.board.broke(std::move(found));
  }
}

crowd_report report_on(const viewing& run, const run_sampler& sampler, console io) {
  crowd_report made;
  const auto& plan = run.plan;
  made.seed = plan.seed;
  made.url = plan.url;
  made.viewers = plan.count;
  for (const auto each : plan.behaviours) ++made.behaviours[std::string(name_of(each))];
  for (const auto& each : run.streams) ++made.streams[std::string(name_of(each.kind))];
  made.began = sampler.began();
  made.seconds = sampler.seconds();
  made.totals = run.board.totals();
  made.ends = run.board.ends();
  made.deeds = run.board.deeds();
  made.latency = run.board.latency().now();
  made.upgrade_time = run.board.upgrade_time().now();
  made.timeline = sampler.timeline().samples();
  if (!plan.faults_journal.empty()) {
    auto journal = read_host_journal(plan.faults_journal);
    if (journal) {
      check_exits(run, *journal);
      made.faults = std::move(journal->faults);
    } else {
      io.err << "spillway-sim: " << journal.error() << '\n';
    }
  }
  made.flaws = run.board.flaws();
  made.flaws_by_kind = run.board.flaws_by_kind();
  made.kept_flaws = run.board.kept_flaws();
  made.remarks = remarks_on(made, plan);
  return made;
}

run_progress::form progress_form(const crowd_plan& plan) {
  return !plan.quiet && ::isatty(STDOUT_FILENO) == 1 ? run_progress::form::block
                                                     : run_progress::form::lines;
}

bool is_enough(const viewing& run) {
  const auto& plan = run.plan;
  if (plan.stop_at_first && run.board.flaws() > 0) return true;
  return plan.enough_lines && run.board.totals().lines >= *plan.enough_lines;
}

/// From the first viewer to the last.
void watch_run(const viewing& run, run_sampler& sampler, console io) {
  crowd_signals signals;
  crowd_system_config config(run.io);
  const io_threads threads(run.io, run.plan.threads);
  caf::actor_system system(config);
  boost::asio::signal_set asked(run.io, SIGINT, SIGTERM);
  asked.async_wait([&](boost::system::error_code error, int) {
    if (!error) signals.interrupt();
  });
  auto all = actors::spawned([&] {
    return system.spawn<crowd>(viewer_strand(run.io.get_executor()), &run, [&] { signals.gone(); });
  });
  run_progress progress(io.out, progress_form(run.plan),
                        std::chrono::duration<double>(run.plan.duration).count());
  const auto end = std::chrono::steady_clock::now() + run.plan.duration;
  sampler.begin();
  for (auto next = std::chrono::steady_clock::now() + 1s;;) {
    const auto now = std::chrono::steady_clock::now();
    const bool over = now >= end || is_enough(run) || signals.wait_interrupted(now + between_looks);
    if (over || now >= next) progress.show(sampler.sample(), run.board);
    if (over) break;
    if (now >= next) next += 1s;
  }
  progress.finish();
  caf::anon_send(all, end_crowd{});
  if (!signals.wait_gone(std::chrono::steady_clock::now() + end_patience)) {
    io.err << "spillway-sim: some viewers did not come to their end in time\n";
    run.board.broke_outside_of_streams(
        {flaw_kind::not_looked_at, "some viewers did not come to their end in time"});
    caf::anon_send_exit(all, caf::exit_reason::kill);
    signals.wait_gone(std::chrono::steady_clock::now() + end_patience);
  }
  all = nullptr;
  asked.cancel();
}

/// The server was not stopped: its process lives, and takes connections.
bool server_lives(const crowd_plan& plan, const server_place& server) {
  if (plan.watch_pid <= 0 || ::kill(plan.watch_pid, 0) != 0) return false;
  boost::asio::io_context io(1);
  boost::asio::ip::tcp::socket probe(io);
  boost::system::error_code error;
  probe.connect(server.endpoint, error);
  return !error;
}

}  // namespace

int run_crowd(crowd_plan plan, console io) {
  const auto server = find_server(plan.url);
  if (!server) {
    io.err << "spillway-sim: " << server.error() << '\n';
    return exit_usage;
  }
  if (const auto missing = make_room_for(plan.count); !missing.empty()) {
    io.err << "spillway-sim: " << missing << '\n';
    return exit_failure;
  }
  auto streams = find_streams(plan, *server);
  if (!streams) {
    io.err << "spillway-sim: " << streams.error() << '\n';
    return exit_failure;
  }
  boost::asio::io_context context(static_cast<int>(plan.threads));
  const auto board = std::make_unique<scoreboard>(streams->size());
  const viewing run{plan, *server, std::move(*streams), *board, context};
  run_sampler sampler(run);
  watch_run(run, sampler, io);
  board->settle(server_lives(plan, *server));
  const auto report = report_on(run, sampler, io);
  io.out << as_text(report) << std::flush;
  const bool written = write_files(plan, report, io);
  return report.flaws == 0 && written ? exit_fine : exit_failure;
}

}  // namespace spillway::sim
