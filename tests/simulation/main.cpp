// Runs the actors through simulated lives, a seed each:
//
//   spillway_simulate [--seeds N] [--first S] [--trace]
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <random>
#include <string>

#include <unistd.h>

#include "simulation/simulation.hpp"

namespace {

using spillway::simulation::outcome;

struct arguments {
  std::uint64_t first = 0;
  std::uint64_t seeds = 1'000;
  bool trace = false;
};

std::uint64_t number(const std::string& text) {
  std::size_t used = 0;
  const auto value = std::stoull(text, &used);
  if (used != text.size()) throw std::invalid_argument(text);
  return value;
}

arguments parse(int argc, char** argv) {
  arguments given;
  std::random_device device;
  given.first = device() % 1'000'000'000U;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const auto value = [&] {
      if (i + 1 == argc) throw std::invalid_argument(name + " needs a number");
      return number(argv[++i]);
    };
    if (name == "--seeds") {
      given.seeds = value();
    } else if (name == "--first") {
      given.first = value();
    } else if (name == "--trace") {
      given.trace = true;
    } else {
      throw std::invalid_argument("unknown argument " + name);
    }
  }
  return given;
}

void tell(const outcome& broken) {
  std::cout << "seed " << broken.seed << " breaks:\n";
  for (const auto& v : broken.violations) std::cout << "  " << v << '\n';
  std::cout << "its last events:\n";
  const std::size_t from = broken.trace.size() > 60 ? broken.trace.size() - 60 : 0;
  for (std::size_t i = from; i < broken.trace.size(); ++i)
    std::cout << "  " << broken.trace[i] << '\n';
  std::cout << "again: spillway_simulate --seeds 1 --first " << broken.seed << " --trace\n";
}

}  // namespace

int main(int argc, char** argv) {
  arguments given;
  try {
    given = parse(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "spillway_simulate: " << e.what()
              << "\nusage: spillway_simulate [--seeds N] [--first S] [--trace]\n";
    return 2;
  }
  using spillway::simulation::trace_mode;
  std::cout << "seeds " << given.first << " to " << given.first + given.seeds - 1 << std::endl;
  const bool terminal = isatty(STDERR_FILENO) != 0;
  std::uint64_t broken = 0;
  outcome sum;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < given.seeds; ++i) {
    const auto one = spillway::simulation::run_simulation(
        given.first + i, given.trace ? trace_mode::printed : trace_mode::kept);
    sum.steps += one.steps;
    sum.viewers += one.viewers;
    sum.frames += one.frames;
    sum.runs += one.runs;
    sum.trace_hash ^= one.trace_hash * (2 * i + 1);
    if (!one.violations.empty() && ++broken <= 5) tell(one);
    if (terminal && i % 16 == 0)
      std::cerr << '\r' << i + 1 << " of " << given.seeds << ", " << broken << " broken\033[K";
  }
  if (terminal) std::cerr << "\r\033[K";
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << given.seeds << " seeds, " << broken << " broken: " << sum.steps << " events, "
            << sum.viewers << " viewers, " << sum.frames << " frames, " << sum.runs
            << " deploys in " << static_cast<long>(took.count() * 10) / 10.0 << " s; trace "
            << std::hex << sum.trace_hash << '\n';
  std::cout.flush();
  // Without the destructors of what broken runs left.
  std::_Exit(broken == 0 ? 0 : 1);
}
