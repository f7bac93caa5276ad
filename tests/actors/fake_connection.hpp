// A viewer's connection whose socket takes bytes when the test says so.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/ports/viewer_connection.hpp"
#include "client_decoder.hpp"

namespace spillway::actors::testing {

class fake_connection : public viewer_connection {
 public:
  // --- the port
  strand_type strand() const override { return strand_type(io().get_executor()); }
  bool takes_deflated() const override { return deflated; }
  void start(std::shared_ptr<viewer_events> events) override {
    events_ = std::move(events);
    if (dropped_) drop();
  }
  write_result write(batch_ptr b) override {
    if (gone_) return write_result::gone;
    if (pending_) overlapped = true;
    take(b);
    if (!stuck) return write_result::written;
    pending_ = true;
    return write_result::pending;
  }
  void close(protocol::close_frame frame) override {
    if (closed) return;
    closed = frame;
    if (!stuck) drop();
  }
  void abort() override {
    aborted = true;
    drop();
  }

  // --- what the test does
  /// To be set before the supervisor runs.
  bool deflated = false;
  /// The socket takes what was written; with `stuck` still set, only this once.
  void unstick() {
    if (!pending_) return;
    pending_ = false;
    events_->on_written();
  }
  void drop() {
    dropped_ = true;
    if (gone_ || !events_) return;
    gone_ = true;
    auto events = std::move(events_);
    events->on_gone();
  }
  void be_silent() { events_->on_silent(); }
  void stall() { events_->on_stalled(); }

  // --- what the viewer saw
  std::vector<batch_ptr> batches;
  /// Their payloads, inflated.
  std::vector<std::string> frames;
  std::size_t deflated_frames() const { return client_.deflated_frames(); }
  std::optional<protocol::close_frame> closed;
  bool stuck = false;
  bool aborted = false;
  /// A second batch came while one was pending.
  bool overlapped = false;
  /// It got a compressed frame without having asked for such.
  bool broke_the_protocol = false;

  bool gone() const { return gone_; }
  /// `1000 container exited`; empty while open.
  std::string ending() const {
    if (!closed) return {};
    return std::to_string(static_cast<int>(closed->code)) + " " +
           std::string(closed->reason.text());
  }
  std::vector<nlohmann::json> json() const {
    std::vector<nlohmann::json> out;
    for (const auto& f : frames) out.push_back(nlohmann::json::parse(f));
    return out;
  }
  /// The `line` of each log frame.
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const auto& f : json()) out.push_back(f.value("line", ""));
    return out;
  }

 private:
  static boost::asio::io_context& io() {
    static boost::asio::io_context never_run;
    return never_run;
  }
  void take(const batch_ptr& b) {
    batches.push_back(b);
    for (auto& payload : client_.decode(*b)) frames.push_back(std::move(payload));
    if (!deflated && client_.deflated_frames() != 0) broke_the_protocol = true;
  }

  client_decoder client_;
  std::shared_ptr<viewer_events> events_;
  bool pending_ = false;
  bool gone_ = false;
  bool dropped_ = false;
};

}  // namespace spillway::actors::testing
