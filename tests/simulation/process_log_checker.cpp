#include "simulation/process_log_checker.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace spillway::simulation {

void process_log_checker::take(const std::string& payload) {
  const auto line = nlohmann::json::parse(payload).get<std::string>();
  unsigned long long number = 0;
  if (std::sscanf(line.c_str(), "p%llu", &number) == 1) {
    if (last_ && number != *last_ + 1 + pending_skip_)
      world_.broken(fmt::format("{}: line {} of the process log after {} with {} told as skipped",
                                viewer_, number, *last_, pending_skip_));
    last_ = number;
    pending_skip_ = 0;
    return;
  }
  const auto at = line.find("[spillway] ");
  if (at == std::string::npos ||
      std::sscanf(line.c_str() + at, "[spillway] %llu lines", &number) != 1)
    return world_.broken(viewer_ + " got what nobody wrote: " + line);
  pending_skip_ += number;
}

void process_log_checker::check_caught_up(std::uint64_t printed) const {
  if (printed == 0) return;
  const std::uint64_t had = last_ ? *last_ + 1 + pending_skip_ : 0;
  if (had != printed)
    world_.broken(fmt::format("{} has {} of {} lines of the process log, though all is quiet",
                              viewer_, had, printed));
}

}  // namespace spillway::simulation
