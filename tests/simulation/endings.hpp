// Which ending a viewer's stream may have, given what happened.
#pragma once

#include <map>
#include <string>

#include "config/settings.hpp"
#include "simulation/simulated_compose.hpp"
#include "simulation/simulated_engine.hpp"
#include "simulation/simulated_journal.hpp"
#include "simulation/viewer.hpp"

namespace spillway::simulation {

/// What happened to everyone.
struct common_facts {
  bool shutting_down = false;
  /// The end of a credential.
  struct ended {
    /// Everyone up to this viewer was among those who were looked at.
    std::size_t newest_viewer = 0;
    /// By step_number().
    std::uint64_t told = 0;
  };
  std::map<std::string, ended> access_ended;
};

/// Context: the one thread of the run.
class endings {
 public:
  endings(const world& w, const config::settings& s, const simulated_engine& e,
          const simulated_compose& c, const simulated_journal& j, const common_facts& f)
      : world_(w), settings_(s), engine_(e), compose_(c), journal_(j), facts_(f) {}

  /// Whether something happened that the close table answers with this code and reason, at a time
  /// at which the viewer could still be told.
  bool admits(const viewer& v, const protocol::close_frame& how) const;

 private:
  bool admits_normal(const viewer& v, std::string_view reason) const;
  bool admits_failure(const viewer& v, std::string_view reason) const;
  bool container_may_be_missing(const viewer& v) const;
  template <class Predicate>
  bool any_container(const viewer& v, Predicate holds) const;

  const world& world_;
  const config::settings& settings_;
  const simulated_engine& engine_;
  const simulated_compose& compose_;
  const simulated_journal& journal_;
  const common_facts& facts_;
};

}  // namespace spillway::simulation
