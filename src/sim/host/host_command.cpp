#include "sim/host/host_command.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <fstream>
#include <ostream>

#include "sim/host/simulated_host.hpp"
#include "sim/seed.hpp"

namespace spillway::sim {

namespace {

void report(const simulated_host& host, const host_options& options, console io) {
  const auto truth = host.truth();
  if (!options.ground_truth.empty()) {
    std::ofstream file(options.ground_truth, std::ios::binary | std::ios::trunc);
    file << truth.dump(2) << '\n' << std::flush;
    if (!file) io.err << "spillway-sim: cannot write " << options.ground_truth.string() << '\n';
  }
  std::uint64_t lines = 0;
  std::size_t lives = 0;
  for (const auto& each : truth.value("containers", nlohmann::ordered_json::array())) {
    lines += each.value("printed", std::uint64_t{0});
    ++lives;
  }
  io.out << fmt::format("{} containers printed {} modelled lines\n", lives, lines);
  const auto faults = host.faults();
  io.out << "faults:" << (faults.empty() ? " none" : "");
  for (const auto& [name, count] : faults.items()) io.out << ' ' << name << ' ' << count;
  io.out << std::endl;
}

}  // namespace

int run_host(const host_options& options, console io) {
  const std::uint64_t seed = options.seed ? *options.seed : any_seed();
  io.out << "seed " << seed << std::endl;
  ::signal(SIGPIPE, SIG_IGN);
  // Watched from the beginning, so that a signal that comes early ends it properly, too.
  boost::asio::io_context waiting;
  boost::asio::signal_set signals(waiting, SIGTERM, SIGINT);
  signals.async_wait([](boost::system::error_code, int) {});

  simulated_host host(options, seed);
  if (const auto wrong = host.start()) {
    io.err << "spillway-sim: " << *wrong << '\n';
    return exit_usage;
  }
  io.out << "listening on unix://" << options.socket.string() << std::endl;
  if (!host.keeps_scripts_apart()) {
    io.err
        << "spillway-sim: scripts run without a root of their own: that takes root and busybox\n";
  }
  waiting.run();

  report(host, options, io);
  if (host.stop()) return exit_fine;
  io.err << "spillway-sim: containers did not end in time\n" << std::flush;
  std::_Exit(exit_failure);
}

}  // namespace spillway::sim
