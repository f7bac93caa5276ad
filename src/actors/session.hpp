// One viewer's side of a stream.
#pragma once

#include <memory>
#include <optional>

#include "actors/audited_stream.hpp"
#include "actors/messages.hpp"
#include "actors/on_strand.hpp"

namespace spillway::actors {

/// The only one to talk to a viewer's connection.
///
///   opening --attached--> streaming --finish, or its own reason--> draining --socket gone-->
///   closed
///
/// In `opening` and `streaming` an ending closes the connection as the termination table says; in
/// `draining` the closing handshake is under way and frames that still come are dropped. Context:
/// the connection's strand.
class session : public on_strand<session_actor::base> {
 public:
  session(caf::actor_config& cfg, std::optional<strand_type> strand, subscriber_id id,
          std::shared_ptr<viewer_connection> connection, audited_stream audit);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "session"; }

  /// The session of a handle: there is no other kind of session_actor. May be called from any
  /// thread, by who holds the handle.
  static session& behind(const session_actor& handle);
  /// The same as a `deliver` message, without one: for a session with a strand. Context: an I/O
  /// thread.
  static void hand_over(session_actor to, batch_ptr frames);

 private:
  enum class state : std::uint8_t { opening, streaming, draining, closed };

  void take(const batch_ptr& frames);
  void take_beside_messages(const batch_ptr& frames);
  void release();
  void end(end_cause cause, const std::string& detail);
  void leave_publisher();

  subscriber_id id_;
  std::shared_ptr<viewer_connection> connection_;
  publisher_actor publisher_;
  std::shared_ptr<demand> readiness_;
  audited_stream audit_;
  /// What is on its way to the socket, to be counted once that has taken it.
  audited_stream::taken under_way_;
  state state_ = state::opening;
  end_cause cause_ = end_cause::viewer_gone;
  bool writing_ = false;
};

}  // namespace spillway::actors
