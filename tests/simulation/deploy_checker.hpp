// What the viewers of deploys must get.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulation/simulated_compose.hpp"
#include "simulation/simulated_journal.hpp"

namespace spillway::simulation {

/// What one viewer of an app's deploys has got.
struct deploy_view {
  std::string viewer;
  std::string app;
  /// It asked for this one.
  std::optional<std::string> deploy_id;
  std::vector<std::string> frames;
  /// Its stream ended as of a deploy that is over.
  bool finished = false;
  /// Its stream ended for there was nothing to stream.
  bool nothing = false;
  /// There is no such deploy.
  bool not_found = false;
};

/// Every viewer of a run has had the same frames: the first ones without a gap, all of them where
/// its stream ended with the run, and they are those of the transcript. Context: the one thread of
/// the run.
class deploy_checker {
 public:
  deploy_checker(world& w, const simulated_journal& journal, const simulated_compose& compose)
      : world_(w), journal_(journal), compose_(compose) {}

  void check(const std::vector<deploy_view>& views) const;
  /// All is quiet and the viewer takes bytes: it has what its deploy's transcript has.
  void check_caught_up(const deploy_view& view) const;
  /// Nothing comes after this frame.
  static bool is_last(const std::string& frame);

 private:
  void check_transcripts() const;
  void check(const deploy_view& view) const;
  bool is_prefix_of(const deploy_view& view, const std::string& transcript) const;

  world& world_;
  const simulated_journal& journal_;
  const simulated_compose& compose_;
};

}  // namespace spillway::simulation
