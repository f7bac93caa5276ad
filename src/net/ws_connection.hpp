// A viewer's WebSocket connection: for the room's own use.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/connection_keeper.hpp"
#include "net/deadline_wheel.hpp"
#include "net/outbound_queue.hpp"
#include "net/ws_handshake.hpp"

namespace spillway::net {

///   handshaking ──▶ idle ──start──▶ open ──close, or Beast's own close──▶ closing ──▶ gone
///                     └──────────close──────────────────────────────────────▲         ▲
///                                      abort, broken, deadline from any state ────────┘
///
/// Context: its strand. Beast reads and ignores what the client sends, answers pings, fails the
/// connection where the client breaks the protocol, and does the closing handshake; our frames go
/// past it through the outbound_queue. A viewer sends hardly anything but pongs, so Beast's stream,
/// by far the largest part of a connection, is there for the handshake and then from the first
/// thing on that the client sends beside whole pongs, or from the close on. Lives by the session
/// that owns it and, from `start` or `close` on, by the connection_keeper until it is gone.
class ws_connection final : public actors::viewer_connection,
                            public deadline_target,
                            private outbound_observer,
                            public std::enable_shared_from_this<ws_connection> {
 public:
  explicit ws_connection(accepted_upgrade upgrade);
  ~ws_connection() override;

  /// Answers the upgrade; then calls the handler, with null where the client has gone.
  void handshake(const std::string& key, const std::string& extensions, accept_handler handler);

  strand_type strand() const override { return strand_; }
  bool takes_deflated() const override { return takes_deflated_; }
  void start(std::shared_ptr<actors::viewer_events> events) override;
  write_result write(actors::batch_ptr frames) override;
  void close(protocol::close_frame frame) override;
  void abort() override;
  void on_deadline() override;

 private:
  using clock = deadline_wheel::clock;
  enum class state : std::uint8_t { handshaking, idle, open, closing, gone };

  void on_batch_out() override;
  void on_close_queued() override;
  void on_broken() override;

  /// Beast's stream, and where it puts what is ignored.
  struct beast_side;

  void make_beast_side(std::string early);
  void listen();
  void hear();
  void wake_beast(std::string early);
  void on_beast_awake();
  void read();
  void send_close();
  void enter_closing();
  void check_open(clock::time_point now);
  void check_closing(clock::time_point now);
  clock::time_point last_moment() const;
  void ping_when_due(clock::time_point now);
  void plan_deadline();
  void cut(bool drop);
  void finish_soon();
  void finish();

  strand_type strand_;
  const ws_timing timing_;
  const bool takes_deflated_;
  std::shared_ptr<outbound_queue> queue_;
  /// What came with the upgrade request, until somebody reads it.
  std::string early_;
  std::unique_ptr<beast_side> beast_;
  connection_keeper& keeper_;
  lazy_deadline deadline_;
  std::shared_ptr<const void> ticket_;
  std::shared_ptr<actors::viewer_events> events_;
  std::optional<protocol::close_frame> close_wanted_;

  state state_ = state::handshaking;
  clock::time_point state_since_ = clock::now();
  clock::time_point last_heard_ = state_since_;
  clock::time_point next_ping_ = state_since_;
  bool ping_pending_ = false;
  bool silent_told_ = false;
  bool stalled_told_ = false;
  bool finishing_ = false;
};

}  // namespace spillway::net
