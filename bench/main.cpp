// Runs the measurements and prints the table; see docs/benchmarks.md.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>

#include "bench/cases.hpp"
#include "bench/process_usage.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

struct bench_options {
  std::vector<std::string> only;
  unsigned repeat = 3;
  bool quick = false;
  bool ahead = false;
  std::string json_file;
  machine where;
};

std::string case_list() {
  std::string text = "Cases:\n";
  for (const auto& c : all_cases()) text += fmt::format("  {:<22} {}\n", c.name, c.what);
  return text;
}

bool is_wanted(const bench_options& options, const bench_case& c) {
  return options.only.empty() ||
         std::find(options.only.begin(), options.only.end(), c.name) != options.only.end();
}

void run_all(const bench_options& options, report& results) {
  std::map<std::string, double> memory;
  bench_run run{options.where, results, options.quick, memory};
  for (const auto& c : all_cases()) {
    if (!is_wanted(options, c)) continue;
    for (unsigned i = 1; i <= options.repeat; ++i) {
      fmt::print(stderr, "== {}, {} of {}\n", c.name, i, options.repeat);
      c.measure(run);
    }
  }
}

/// Two runs at once would measure each other. Held until the program ends.
void wait_for_other_run() {
  const auto path = std::filesystem::temp_directory_path() / "spillway-bench.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 || ::flock(fd, LOCK_EX | LOCK_NB) == 0) return;
  fmt::print(stderr, "== waiting for another run of the benchmark to end\n");
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    throw_if_stopped();
    ::poll(nullptr, 0, 200);
  }
}

void run_alone(const bench_options& options, report& results) {
  wait_for_other_run();
  std::optional<priority_over_others> ahead;
  if (options.ahead) ahead.emplace();
  run_all(options, results);
}

int run_bench(bench_options options) {
  stop_on_signals();
  raise_open_files_limit();
  // The server has the first core to itself; everything here, viewers and feeder, has the second.
  if (std::thread::hardware_concurrency() >= 2 && pin_to_core(1)) {
    options.where.server_core = 0;
  } else {
    fmt::print(stderr, "!! one core for server and viewers: the figures say little\n");
  }
  report results;
  int code = 0;
  try {
    run_alone(options, results);
  } catch (const std::exception& e) {
    fmt::print(stderr, "bench: {}\n", e.what());
    code = 1;
  }
  fmt::print("{}", results.table());
  if (!options.json_file.empty()) write_file(options.json_file, results.json());
  return code;
}

}  // namespace
}  // namespace spillway::bench

int main(int argc, char** argv) {
  using namespace spillway::bench;
  bench_options options;
  CLI::App app("Measures the server against a baseline.");
  app.footer(case_list());
  app.add_option("--only", options.only, "these cases, separated by commas")->delimiter(',');
  app.add_option("--repeat", options.repeat, "measure each case so often, take the median");
  app.add_flag("--quick", options.quick, "shorter stretches");
  app.add_flag("--ahead", options.ahead, "go before other programs of a busy machine (as root)");
  app.add_option("--json", options.json_file, "write every value there, too");
  app.add_flag_callback(
      "--list",
      [] {
        fmt::print("{}", case_list());
        throw CLI::Success();
      },
      "print the cases");
  app.add_option("--server", options.where.spillway_binary, "the spillway program")->required();
  app.add_option("--baseline", options.where.baseline_binary, "the baseline")->required();
  CLI11_PARSE(app, argc, argv);
  for (const auto& name : options.only) {
    const auto& cases = all_cases();
    if (std::none_of(cases.begin(), cases.end(), [&](auto& c) { return c.name == name; })) {
      fmt::print(stderr, "there is no case '{}'.\n{}", name, case_list());
      return 2;
    }
  }
  return run_bench(std::move(options));
}
