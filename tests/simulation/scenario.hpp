// One simulated run: the actors with everything around them, and what happens to them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/dependencies.hpp"
#include "actors/messages.hpp"
#include "simulation/endings.hpp"
#include "simulation/plan.hpp"
#include "simulation/simulated_audit.hpp"
#include "simulation/simulation.hpp"
#include "simulation/viewer.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

/// Lets things happen as the plan weighs them, then shuts down; notes in the world what does not
/// hold. Context: the one thread of the run.
class scenario {
 public:
  scenario(world& w, plan p);

  void run();
  void count(outcome& out) const;

 private:
  struct asked_run {
    std::string app;
    std::size_t answers = 0;
    std::optional<std::string> id;
    std::size_t ends = 0;
    bool over() const { return ends > 0 || (answers > 0 && !id); }
  };
  /// Answers that a question got; one is due.
  struct question {
    std::string what;
    std::size_t answers = 0;
  };

  void act();
  void viewer_comes();
  std::string some_target();
  std::string log_target();
  std::string deploy_target();
  void take_frame(viewer& v, const std::string& payload);
  void check_close(viewer& v, const protocol::close_frame& how);
  void end_access();
  void start_run();
  void cancel_run();
  void ask_something();
  void log_lines(std::size_t count);
  void change_containers();
  void check_quiet();
  void check_quiet(viewer& v);
  void check_quiet(const viewer& v, const deploy_view& deploys);
  void shut_down();
  void check_nothing_left();
  void check_audits();
  void check_runs();
  std::shared_ptr<question> new_question(std::string what);

  std::string some_app();
  simulated_container* some_container();
  viewer* some_viewer();

  world& world_;
  const plan plan_;
  simulated_engine engine_;
  simulated_compose compose_;
  simulated_journal journal_;
  simulated_audit audit_;
  common_facts facts_;
  endings endings_;
  std::size_t deploy_ids_ = 0;
  const actors::dependencies deps_;
  actors::supervisor_actor root_;
  std::vector<std::unique_ptr<viewer>> viewers_;
  std::vector<std::shared_ptr<asked_run>> runs_;
  std::vector<std::shared_ptr<question>> questions_;
  std::uint64_t process_log_lines_ = 0;
  std::uint64_t access_version_ = 1;
};

}  // namespace spillway::simulation
