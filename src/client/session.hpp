// One run of the terminal client: the sockets, the terminal, signals, side by side on one thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <string>

#include "client/descriptor_wait.hpp"
#include "client/follower.hpp"
#include "client/screen.hpp"
#include "client/server_link.hpp"

namespace spillway::client {

/// Exit codes: 0 fine, 1 failure, 130 ended by Ctrl-C (128 and the signal's number).
inline constexpr int exit_success = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_interrupted = 130;

struct session_options {
  link_options link;
  screen_options screen;
  bool reconnect = true;
};

/// What all commands share; a command says what runs, and what a signal means. Context: the main
/// thread.
class session {
 public:
  explicit session(session_options options);
  virtual ~session() = default;
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Runs to the end and returns the exit code. Once.
  int run();

 protected:
  /// Its result is the exit code.
  virtual boost::asio::awaitable<int> work() = 0;
  /// SIGINT came. By default that ends the program.
  virtual boost::asio::awaitable<void> interrupted();
  /// Before the program ends by a signal.
  virtual void say_goodbye() {}
  /// Standard output was closed: nothing more can be shown.
  virtual void output_closed() {}
  /// The exit code where that is so.
  virtual int closed_output_code() const { return exit_success; }

  void finish(int code);
  /// Tells the sentence, if there is one, and returns the exit code.
  boost::asio::awaitable<int> conclude(subject_end how);

  boost::asio::io_context& io() { return io_; }
  boost::asio::signal_set& signals() { return signals_; }
  screen& on() { return screen_; }
  const screen& on() const { return screen_; }
  const server_link& server() const { return link_; }
  const session_options& options() const { return options_; }

 private:
  boost::asio::awaitable<void> watch_signals();
  boost::asio::awaitable<void> write_output();
  boost::asio::awaitable<void> watch_reader();

  // First, so that it goes last: it holds what waits for the others.
  boost::asio::io_context io_{1};
  const session_options options_;
  boost::asio::signal_set signals_;
  screen screen_;
  const server_link link_;
  descriptor_wait reader_gone_;
  int exit_code_ = exit_failed;
};

}  // namespace spillway::client
