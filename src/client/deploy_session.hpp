// `spillway deploy` and `spillway watch`.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "client/deploy_subject.hpp"
#include "client/failure.hpp"
#include "client/session.hpp"

namespace spillway::client {

/// The request that starts a deploy.
struct deploy_order {
  std::string app;
  std::string compose;
  bool force = false;
};

/// Starts a deploy, or not, and watches it. Context: the main thread.
///
///   asking for it ──▶ watching ──final frame──▶ ended
///                      │   ▲
///                     ^C   └─ go on, cancel
///                      ▼
///                    asking the user ──▶ stopped
class deploy_session final : public session {
 public:
  /// `spillway deploy`
  deploy_session(session_options options, deploy_order order);
  /// `spillway watch`; `id` is empty for the deploy that runs, ended just now, or starts soon.
  deploy_session(session_options options, std::string app, std::string id);

 private:
  enum class state : std::uint8_t { watching, asking_for_it, cancelling };

  deploy_session(session_options options, std::optional<deploy_order> order, std::string app,
                 std::string id);

  boost::asio::awaitable<int> work() override;
  boost::asio::awaitable<void> interrupted() override;
  void say_goodbye() override;
  void output_closed() override;
  int closed_output_code() const override;

  /// Returns the id of the deploy.
  boost::asio::awaitable<result<std::string>> start();
  boost::asio::awaitable<void> learn_id();
  /// Returns why it was not cancelled; empty where it is being.
  boost::asio::awaitable<std::string> cancel();
  bool can_ask() const;

  const std::optional<deploy_order> order_;
  deploy_subject what_;
  follower follower_;
  state state_;
  bool asked_for_id_ = false;
};

}  // namespace spillway::client
