// Compose commands that print and exit when the test says so.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/ports/compose_runner.hpp"

namespace spillway::actors::testing {

class fake_compose : public compose_runner {
 public:
  class process;
  /// What has been started, in order. Those that were destroyed are null.
  std::vector<process*> started;
  std::vector<compose_command> commands;

  class process : public compose_process {
   public:
    process(fake_compose& owner, std::size_t index, output_handler handler)
        : owner_(owner), index_(index), handler_(std::move(handler)) {}
    ~process() override { owner_.started[index_] = nullptr; }
    void read() override {
      wanted = true;
      serve();
    }
    void terminate() override { terminated = true; }

    // --- what the test does
    void print(std::string line) {
      pending_.lines.push_back(std::move(line));
      serve();
    }
    void exit(int code, std::string failure = {}) {
      pending_.exit = compose_exit{code, std::move(failure)};
      serve();
    }
    bool wanted = false;
    bool terminated = false;

   private:
    void serve() {
      if (!wanted || (pending_.lines.empty() && !pending_.exit)) return;
      wanted = false;
      handler_(std::make_shared<const compose_output>(std::exchange(pending_, {})));
    }
    fake_compose& owner_;
    std::size_t index_;
    output_handler handler_;
    compose_output pending_;
  };

  std::unique_ptr<compose_process> start(compose_command command, output_handler handler) override {
    commands.push_back(std::move(command));
    auto made = std::make_unique<process>(*this, started.size(), std::move(handler));
    started.push_back(made.get());
    return made;
  }
  process& last() { return *started.back(); }
};

}  // namespace spillway::actors::testing
