#include "sim/viewers/deploy_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "sim/viewers/rest_verdict.hpp"

namespace spillway::sim {

deploy_driver::deploy_driver(caf::actor_config& cfg, strand_type strand, const viewing* run,
                             std::vector<std::string> apps)
    : on_strand(cfg, strand),
      run_(*run),
      apps_(std::move(apps)),
      random_(seed_of(run->plan.seed, "deploy driver")),
      rest_(std::make_shared<rest_client>(strand, run->server)) {}

deploy_driver::behavior_type deploy_driver::make_behavior() {
  wait();
  return {[this](deploy_one) { deploy(); }};
}

void deploy_driver::wait() {
  const std::chrono::duration<double> time(60 / run_.plan.deploys_per_minute);
  // At least one message at a time, whatever is asked for.
  const auto between = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(time),
                                std::chrono::milliseconds(1));
  delayed_send(deploy_driver_actor(this), between, deploy_one{});
}

void deploy_driver::deploy() {
  const auto& app = apps_[random_.below(apps_.size())];
  const auto* const action = random_.chance(0.5) ? "pull" : "restart";
  rest_->call({"POST", fmt::format("/api/apps/{}/{}", app, action), {}, run_.plan.token, {}},
              [this](const rest_answer& answer) {
                if (answer.good()) return run_.board.did("deploys asked for");
                if (answer.status == 409) return run_.board.did("deploys refused, one runs");
                count_refusal(run_.board, "a deploy was refused", answer);
              });
  wait();
}

}  // namespace spillway::sim
