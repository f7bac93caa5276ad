// Compose commands that are shell scripts, and what they printed.
#pragma once

#include <signal.h>
#include <stdlib.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

#include "host/compose_processes.hpp"

namespace spillway::host::testing {

inline constexpr std::chrono::seconds deadline{20};

/// Whether `condition` came true before the deadline.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

/// What a run handed over. Context: any thread.
class collector {
 public:
  void add(const actors::compose_output& output) {
    const std::lock_guard lock(mutex_);
    ++calls;
    lines.insert(lines.end(), output.lines.begin(), output.lines.end());
    exit = output.exit;
    changed_.notify_all();
  }
  bool wait(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, deadline, condition);
  }
  bool contains(const std::string& line) const {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  }

  // Read in a condition, or when the run is over.
  std::size_t calls = 0;
  std::vector<std::string> lines;
  std::optional<actors::compose_exit> exit;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// A run that reads on by itself, unless told not to.
class live_run {
 public:
  enum class demand { always, by_hand };

  live_run(compose_processes& runner, actors::compose_command command, demand d = demand::always) {
    process_ = runner.start(std::move(command), [this, d](auto output) {
      const bool last = output->exit.has_value();
      {
        const std::lock_guard lock(mutex_);
        if (d == demand::always && !last && process_) process_->read();
      }
      seen.add(*output);
    });
    if (d == demand::always) read();
  }
  // The handler asks for more from another thread: one caller at a time.
  void read() {
    const std::lock_guard lock(mutex_);
    process_->read();
  }
  void terminate() {
    const std::lock_guard lock(mutex_);
    process_->terminate();
  }
  void destroy() {
    const std::lock_guard lock(mutex_);
    process_.reset();
  }
  bool wait_for_exit() {
    return seen.wait([this] { return seen.exit.has_value(); });
  }
  bool wait_for_line(const std::string& line) {
    return seen.wait([this, &line] { return seen.contains(line); });
  }

  collector seen;

 private:
  std::mutex mutex_;
  std::unique_ptr<actors::compose_process> process_;
};

/// I/O threads and a folder for scripts.
class compose_fixture {
 public:
  compose_fixture() {
    char name[] = "/tmp/spillway-host-XXXXXX";
    folder_ = ::mkdtemp(name);
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io.run(); });
  }
  ~compose_fixture() {
    work_.reset();
    io.stop();
    for (std::thread& t : threads_) t.join();
    std::filesystem::remove_all(folder_);
  }

  /// A runner whose compose is `sh SCRIPT`.
  std::unique_ptr<compose_processes> runner(const std::string& script,
                                            compose_processes::options o = {}) {
    std::ofstream(folder_ / "compose.sh") << script << "\n";
    o.command = {"sh", (folder_ / "compose.sh").string()};
    return std::make_unique<compose_processes>(io, o);
  }
  actors::compose_command command() const {
    return {.deploy_id = "d-of-" + folder_.filename().string(),
            .project = "spillway-shop",
            .file = folder_ / "docker-compose.yml",
            .arguments = {"up", "-d"}};
  }
  const std::filesystem::path& folder() const { return folder_; }

  boost::asio::io_context io;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io.get_executor()};
  std::filesystem::path folder_;
  std::vector<std::thread> threads_;
};

/// Also true of what has ended and was not reaped.
inline bool exists(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

/// False of what has ended: others' processes are reaped by others.
inline bool runs(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.compare(name_end, 4, ") Z ") != 0;
}

}  // namespace spillway::host::testing
