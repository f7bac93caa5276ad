// A server with a feeder before it and viewers behind it, ready to be measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "bench/child.hpp"
#include "bench/feeder.hpp"
#include "bench/viewers.hpp"

namespace spillway::bench {

enum class contestant : std::uint8_t { spillway, baseline };

struct bed_options {
  contestant who = contestant::spillway;
  /// `a`, `b`, …; the baseline knows `a` alone.
  std::size_t apps = 1;
  std::size_t text_bytes = 160;
};

/// Where the programs are, and on which cores they run (none on a machine with one core).
struct machine {
  std::string spillway_binary;
  std::string baseline_binary;
  std::optional<int> server_core;
};

/// Starts with the object and is taken down with it, its folder too. Context: the main thread.
class test_bed {
 public:
  test_bed(const machine& where, bed_options options);
  test_bed(const test_bed&) = delete;
  test_bed& operator=(const test_bed&) = delete;
  ~test_bed();

  feeder& source() { return *feeder_; }
  viewer_pool& viewers() { return viewers_; }
  pid_t pid() const { return server_->pid(); }
  std::optional<int> server_core() const { return server_core_; }

  /// A viewer of the n-th app's log, from now on.
  viewer_kind kind(std::size_t app = 0, reading how = reading::normal) const;

 private:
  void start_spillway(const machine& where);
  void start_baseline(const machine& where);
  std::string run(const machine& where, std::vector<std::string> arguments);
  void wait_for_port();
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  bed_options options_;
  std::optional<int> server_core_;
  std::filesystem::path folder_;
  std::unique_ptr<feeder> feeder_;
  std::unique_ptr<child> server_;
  std::string token_;
  std::uint16_t port_ = 0;
  viewer_pool viewers_;
};

}  // namespace spillway::bench
