#include "simulation/simulation.hpp"

#include <spdlog/spdlog.h>

#include <memory>

#include "simulation/plan.hpp"
#include "simulation/scenario.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

outcome run_simulation(std::uint64_t seed, trace_mode trace) {
  // The server tells of every planted failure.
  spdlog::set_level(spdlog::level::off);
  auto w = std::make_unique<world>(seed);
  if (trace == trace_mode::printed) w->print_trace_as_it_comes();
  auto run = std::make_unique<scenario>(*w, plan_for(seed));
  run->run();
  outcome out{seed, w->trace_hash(), w->step_number(), 0, 0, 0, w->violations(), {}};
  run->count(out);
  if (!out.violations.empty()) {
    out.trace.assign(w->trace().begin(), w->trace().end());
    // The actor system waits for its actors, some of which may be left.
    static_cast<void>(run.release());
    static_cast<void>(w.release());
    return out;
  }
  w->drop_pending();
  return out;
}

}  // namespace spillway::simulation
