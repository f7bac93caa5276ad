// What the simulated host did on purpose, and what came of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace spillway::sim {

struct fault_mark {
  std::chrono::system_clock::time_point at;
  std::string fault;
  std::string container;
};

/// The exits of one life of a container.
struct life_exits {
  struct exit {
    std::chrono::system_clock::time_point at;
    /// Lines that it had printed.
    std::uint64_t printed;
    /// When it ran again.
    std::chrono::system_clock::time_point until = std::chrono::system_clock::time_point::max();
  };
  std::vector<exit> exits;
  /// Its log went with it, also what nobody had read.
  bool removed = false;

  /// Whether a viewer who was there since `opened` and was told of an exit after this line may have
  /// had all that there was: it came before the container ran again, and what that prints then may
  /// come before the exit is told.
  bool may_end_after(std::uint64_t number, std::chrono::system_clock::time_point opened) const;
};

struct host_journal {
  std::vector<fault_mark> faults;
  /// By the container's name and life.
  std::map<std::pair<std::string, std::uint32_t>, life_exits> lives;
};

/// Reads the file of `host --journal`; lines of any other kind are passed over. The error is a
/// sentence.
tl::expected<host_journal, std::string> read_host_journal(const std::string& file);

}  // namespace spillway::sim
