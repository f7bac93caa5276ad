// Follows a subject through every connection that it takes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "client/backoff.hpp"
#include "client/screen.hpp"
#include "client/server_link.hpp"
#include "client/subject.hpp"

namespace spillway::client {

struct follow_options {
  bool reconnect = true;
  /// The server has answered before: even the first connection is tried again.
  bool known = false;
  /// Error frames are shown as they are.
  bool json = false;
};

/// The reference's rules: try again after one second, twice as long each time up to thirty, from
/// one second again once connected; not after a close with 1000.
///
///   connecting ──▶ streaming ──1000──▶ ended
///     ▲   └─ refused for good ──────────▶ ended
///     └─ waiting ◀── lost ─┘
///
/// Context: the io_context's thread.
class follower {
 public:
  /// `after_frame` is called after every frame that was shown.
  follower(const server_link& server, subject& what, screen& on, follow_options options,
           std::function<void()> after_frame = {});

  /// Returns how it ended.
  boost::asio::awaitable<subject_end> run();
  /// Gives up on what is kept back for too long; never ends. To be spawned once.
  boost::asio::awaitable<void> watch_quiet();

 private:
  boost::asio::awaitable<std::optional<subject_end>> not_connected(failure why);
  boost::asio::awaitable<std::optional<subject_end>> stream(frame_stream& open);
  boost::asio::awaitable<std::optional<subject_end>> ended(stream_end how, std::string error);
  boost::asio::awaitable<void> tell_connected();
  boost::asio::awaitable<void> take(std::string raw, std::string& error);
  boost::asio::awaitable<void> wait_and_tell(std::string why,
                                             std::optional<std::chrono::seconds> asked_for);

  const server_link& server_;
  subject& what_;
  screen& on_;
  const follow_options options_;
  const std::function<void()> after_frame_;
  backoff backoff_;
  boost::asio::steady_timer::clock_type::time_point last_frame_{};
  bool known_;
  /// A loss, or a refusal for now, was told and is not over.
  bool told_ = false;
  /// The last stream ended with an error frame: that one is open again says nothing yet.
  bool source_failed_ = false;
};

}  // namespace spillway::client
