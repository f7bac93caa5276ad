// A journal of deploys in memory that is slow, and refuses, as chance has it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "actors/ports/deploy_journal.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

/// Works in order, as one worker would, and answers later. Context: the one thread of the run.
class simulated_journal : public actors::deploy_journal {
 public:
  struct manners {
    double refuses_begin = 0;
    double refuses_append = 0;
    double refuses_finish = 0;
  };
  struct entry {
    actors::deploy_record record;
    std::string transcript;
    /// An append was refused: the transcript ends early.
    bool torn = false;
    std::size_t finishes = 0;
  };
  simulated_journal(world& w, manners how) : world_(w), how_(how), lane_(w.new_lane()) {}

  /// From here on nothing is refused.
  void heal() { how_ = {}; }
  const std::map<std::string, entry>& entries() const { return entries_; }

  void begin(actors::deploy_record record, done_handler handler) override;
  void append(std::string app, std::string id, std::string frames, done_handler handler) override;
  void finish(actors::deploy_record record, done_handler handler) override;
  void read(std::string app, std::string id, std::uint64_t offset, std::size_t max_bytes,
            part_handler handler) override;

 private:
  using refusal = tl::unexpected<std::string>;
  world& world_;
  manners how_;
  const lane lane_;
  std::map<std::string, entry> entries_;
};

}  // namespace spillway::simulation
