// A viewer's connection whose socket takes bytes, stalls and goes as chance has it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/client_decoder.hpp"
#include "actors/ports/viewer_connection.hpp"
#include "simulation/world.hpp"

namespace spillway::simulation {

/// Holds its session to the port's promises. Context: the one thread of the run.
class simulated_connection : public actors::viewer_connection,
                             public std::enable_shared_from_this<simulated_connection> {
 public:
  struct manners {
    bool deflated = false;
    /// How often the socket does not take a batch at once.
    double pends = 0.3;
    /// What a batch may hold at most.
    std::size_t window_bytes = 0;
    std::chrono::nanoseconds stall_timeout{};
  };
  using frame_handler = std::function<void(const std::string& payload)>;
  using close_handler = std::function<void(const protocol::close_frame&)>;
  simulated_connection(world& w, std::string name, manners how, frame_handler on_frame,
                       close_handler on_close)
      : world_(w),
        name_(std::move(name)),
        how_(how),
        on_frame_(std::move(on_frame)),
        on_close_(std::move(on_close)),
        lane_(w.new_lane()) {}

  // --- what happens to it
  /// The client goes away without a word.
  void leave();
  void be_silent();
  /// The client takes no bytes, until it is set to false.
  void stick(bool stuck);

  const std::string& name() const { return name_; }
  bool gone() const { return gone_; }
  bool stuck() const { return stuck_; }
  bool pending() const { return pending_; }
  bool left() const { return left_; }
  bool told_silent() const { return silent_; }
  bool told_stalled() const { return stalled_; }
  bool aborted() const { return aborted_; }
  bool started() const { return events_ != nullptr || gone_; }
  const std::optional<protocol::close_frame>& closed() const { return closed_; }
  std::size_t frames_taken() const { return frames_; }

  // --- the port
  strand_type strand() const override;
  bool takes_deflated() const override { return how_.deflated; }
  void start(std::shared_ptr<actors::viewer_events> events) override;
  write_result write(actors::batch_ptr frames) override;
  void close(protocol::close_frame frame) override;
  void abort() override;

 private:
  void complain(const std::string& what) { world_.broken(name_ + " " + what); }
  void written_soon();
  void gone_soon();
  void tell_gone();
  void watch_for_stall();

  world& world_;
  const std::string name_;
  const manners how_;
  const frame_handler on_frame_;
  const close_handler on_close_;
  const lane lane_;
  actors::testing::client_decoder client_;
  std::shared_ptr<actors::viewer_events> events_;
  std::optional<protocol::close_frame> closed_;
  std::size_t frames_ = 0;
  std::uint64_t writes_ = 0;
  bool stuck_ = false;
  bool pending_ = false;
  bool left_ = false;
  bool silent_ = false;
  bool stalled_ = false;
  bool aborted_ = false;
  bool going_ = false;
  bool gone_ = false;
};

}  // namespace spillway::simulation
