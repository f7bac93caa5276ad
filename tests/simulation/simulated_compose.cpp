#include "simulation/simulated_compose.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace spillway::simulation {

using namespace actors;

/// Decides at its start what it will print; how long each part takes is decided as it comes.
class simulated_compose::process : public compose_process {
 public:
  process(simulated_compose& owner, compose_truth& truth, output_handler handler)
      : owner_(owner),
        lane_(owner.world_.new_lane()),
        shared_(std::make_shared<shared>(shared{
            std::move(handler), &truth, owner.world_.random().below(owner.how_.most_lines + 1),
            owner.world_.chance(owner.how_.fails) ? 1 : 0,
            owner.world_.chance(owner.how_.hangs)})) {
    ++owner_.running_;
  }
  ~process() override {
    --owner_.running_;
    shared_->gone = true;
  }

  void read() override {
    world& w = owner_.world_;
    if (shared_->wanted) w.broken("compose was read while a read was under way");
    if (shared_->truth->exited) w.broken("compose was read after its exit");
    shared_->wanted = true;
    serve_later();
  }

  void terminate() override {
    if (std::exchange(terminated_, true)) return;
    owner_.world_.note("terminate " + shared_->truth->deploy_id);
    // Some take their time, then they are killed.
    const std::chrono::milliseconds grace(owner_.world_.between(0, 10'000));
    owner_.world_.after(grace, [this, keep = shared_] {
      if (keep->gone) return;
      keep->left = 0;
      keep->code = 143;
      keep->hangs = false;
      serve_later();
    });
  }

 private:
  struct shared {
    output_handler handler;
    compose_truth* truth;
    std::size_t left;
    int code;
    bool hangs;
    bool wanted = false;
    bool gone = false;
  };

  void serve_later() {
    world& w = owner_.world_;
    auto deliver = [this, keep = shared_] {
      if (!keep->gone) serve();
    };
    if (w.chance(0.7)) return w.soon(lane_, std::move(deliver));
    w.after(std::chrono::milliseconds(w.between(1, 2'000)), std::move(deliver));
  }

  void serve() {
    if (!shared_->wanted) return;
    compose_truth& truth = *shared_->truth;
    auto out = std::make_shared<compose_output>();
    world& w = owner_.world_;
    const std::size_t lines = std::min<std::size_t>(shared_->left, w.between(0, 8));
    for (std::size_t i = 0; i < lines; ++i) {
      out->lines.push_back(fmt::format("{} s{} l{}", truth.deploy_id, step(), truth.lines.size()));
      truth.lines.push_back(out->lines.back());
    }
    shared_->left -= lines;
    if (shared_->left == 0 && !shared_->hangs && w.chance(0.5)) {
      out->exit = compose_exit{shared_->code, {}};
      truth.exited = true;
      truth.code = shared_->code;
    }
    if (out->lines.empty() && !out->exit) {
      if (shared_->left > 0 || !shared_->hangs) serve_later();
      return;
    }
    shared_->wanted = false;
    w.note(fmt::format("compose of {}: {} lines{}", truth.deploy_id, lines,
                       out->exit ? ", the last" : ""));
    shared_->handler(std::move(out));
  }

  /// Which of the run's commands this is.
  std::size_t step() const {
    std::size_t n = 0;
    for (const auto& c : owner_.commands_) {
      if (c->deploy_id == shared_->truth->deploy_id) ++n;
      if (c.get() == shared_->truth) break;
    }
    return n;
  }

  simulated_compose& owner_;
  const lane lane_;
  const std::shared_ptr<shared> shared_;
  bool terminated_ = false;
};

std::unique_ptr<compose_process> simulated_compose::start(compose_command command,
                                                          output_handler handler) {
  if (world_.chance(how_.throws_on_start)) {
    last_throw_ = world_.step_number();
    throw std::runtime_error("planted by the simulation");
  }
  auto& truth = *commands_.emplace_back(std::make_unique<compose_truth>());
  truth.deploy_id = std::move(command.deploy_id);
  return std::make_unique<process>(*this, truth, std::move(handler));
}

}  // namespace spillway::simulation
