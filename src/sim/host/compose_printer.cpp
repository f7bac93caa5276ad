#include "sim/host/compose_printer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <ostream>
#include <thread>

namespace spillway::sim {

namespace {

constexpr std::size_t most_at_once = 16;

}  // namespace

void compose_printer::print(std::ostream& to, const std::string& text) {
  const std::lock_guard lock(mutex_);
  to << text << std::flush;
}

void compose_printer::answer(const std::string& line) {
  print(out_, line + '\n');
}

void compose_printer::say(const std::string& line) {
  print(err_, line + '\n');
}

bool compose_printer::run_all(const std::string& doing, const std::vector<task>& tasks) {
  std::size_t width = width_;
  for (const task& each : tasks) width = std::max(width, each.name.size());
  const auto tell = [&](const task& of, std::string_view state) {
    print(err_, fmt::format("{} {:<{}} ... {}\r\n", doing, of.name, width, state));
  };
  for (const task& each : tasks) tell(each, "");
  std::atomic<std::size_t> next = 0;
  std::vector<std::optional<std::string>> wrong(tasks.size());
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks.size(); i = next++) {
      step();
      try {
        wrong[i] = tasks[i].run();
      } catch (const std::exception& e) {
        wrong[i] = e.what();
      }
      tell(tasks[i], wrong[i] ? "error" : "done");
    }
  };
  std::vector<std::thread> workers(std::min(tasks.size(), most_at_once));
  for (std::thread& each : workers) each = std::thread(work);
  for (std::thread& each : workers) each.join();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (wrong[i]) print(err_, "\nERROR: for " + tasks[i].name + "  " + *wrong[i] + "\n");
  }
  return std::none_of(wrong.begin(), wrong.end(),
                      [](const auto& each) { return each.has_value(); });
}

void compose_printer::set_pace(std::chrono::nanoseconds time, std::uint64_t steps) {
  step_time_ = time / static_cast<std::int64_t>(std::max<std::uint64_t>(steps, 1));
  next_ = std::chrono::steady_clock::now();
}

void compose_printer::step() {
  if (step_time_ <= step_time_.zero()) return;
  std::chrono::steady_clock::time_point due;
  {
    const std::lock_guard lock(mutex_);
    due = next_ += step_time_;
  }
  // Shorter ones add up until they are worth a sleep.
  if (due - std::chrono::steady_clock::now() > std::chrono::milliseconds(1)) {
    std::this_thread::sleep_until(due);
  }
}

}  // namespace spillway::sim
