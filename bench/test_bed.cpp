#include "bench/test_bed.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>

#include <charconv>

#include "bench/clock.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

constexpr double start_timeout_seconds = 30;

std::string app_name(std::size_t number) {
  return std::string(1, static_cast<char>('a' + number));
}

/// Everything by default but what the measurement needs.
std::string configuration(const std::filesystem::path& folder) {
  return fmt::format(
      "listen: 127.0.0.1:0\n"
      "data_dir: {0}/data\n"
      "apps_dir: {0}/apps\n"
      "threads: 1\n"
      "docker:\n  host: unix://{0}/engine.sock\n  project_prefix: bench-\n"
      "limits:\n  max_viewers_per_user: 1000000\n  max_viewers: 1000000\n",
      folder.string());
}

}  // namespace

test_bed::test_bed(const machine& where, bed_options options)
    : options_(options), server_core_(where.server_core) {
  std::string pattern = (std::filesystem::temp_directory_path() / "spwbench-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw failure("no temporary directory");
  folder_ = pattern;
  try {
    std::vector<fed_container> containers;
    for (std::size_t i = 0; i < options_.apps; ++i) {
      containers.push_back(make_container(i, "bench-" + app_name(i)));
    }
    feeder_ = std::make_unique<feeder>(file("engine.sock"), containers, options_.text_bytes);
    if (options_.who == contestant::spillway) {
      start_spillway(where);
    } else {
      start_baseline(where);
    }
  } catch (...) {
    std::filesystem::remove_all(folder_);
    throw;
  }
}

test_bed::~test_bed() {
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void test_bed::start_spillway(const machine& where) {
  for (std::size_t i = 0; i < options_.apps; ++i) {
    std::filesystem::create_directories(folder_ / "apps" / app_name(i));
    write_file(file("apps/" + app_name(i) + "/docker-compose.yml"),
               "services:\n  web:\n    image: bench\n");
  }
  write_file(file("spillway.yaml"), configuration(folder_));
  write_file(file("password"), "a password for the bench\n");
  run(where, {"user", "add", "bench", "--role", "super_admin", "--password-stdin"});
  token_ = run(where, {"token", "create", "--user", "bench", "--name", "bench"});
  token_.erase(token_.find_last_not_of("\r\n") + 1);
  server_ = std::make_unique<child>(
      command{{where.spillway_binary, "serve", "--config", file("spillway.yaml")},
              {},
              file("server.log"),
              where.server_core});
  wait_for_port();
}

std::string test_bed::run(const machine& where, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), where.spillway_binary);
  arguments.insert(arguments.end(), {"--config", file("spillway.yaml")});
  return run_program({std::move(arguments), file("password"), file("command.log"), {}});
}

void test_bed::start_baseline(const machine& where) {
  server_ = std::make_unique<child>(
      command{{where.baseline_binary, file("engine.sock"), make_container(0, "").id},
              {},
              file("server.log"),
              where.server_core});
  wait_for_port();
}

void test_bed::wait_for_port() {
  constexpr std::string_view ready = "listening on http://127.0.0.1:";
  const auto start = monotonic_ns();
  while (seconds_since(start) < start_timeout_seconds) {
    throw_if_stopped();
    const std::string log = read_file(file("server.log"));
    const auto at = log.find(ready);
    if (at != std::string::npos && log.find('\n', at) != std::string::npos) {
      std::from_chars(log.data() + at + ready.size(), log.data() + log.size(), port_);
      return;
    }
    if (!server_->running()) throw failure("the server did not start:\n" + log);
    ::poll(nullptr, 0, 10);
  }
  throw failure("the server was not ready in time");
}

viewer_kind test_bed::kind(std::size_t app, reading how) const {
  return {port_, "/api/apps/" + app_name(app) + "/logs?tail=0", token_, how, false};
}

}  // namespace spillway::bench
