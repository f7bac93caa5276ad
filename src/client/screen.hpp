// Everything that people see: output, notices, the progress line.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "client/deploy_progress.hpp"
#include "client/frame.hpp"
#include "client/frame_text.hpp"
#include "client/output_queue.hpp"

namespace spillway::client {

struct screen_options {
  line_style style;
  /// Raw frames instead of lines.
  bool json = false;
  /// Whether the terminals take the sequences that rewrite a line.
  bool can_rewrite = false;
};

/// Context: the io_context's thread.
class screen {
 public:
  screen(const boost::asio::any_io_executor& executor, screen_options options);

  /// Shows a frame; returns once it is on its way.
  boost::asio::awaitable<void> show(std::string raw, frame parsed, deploy_duration took = {});
  /// One sentence on standard error, `spillway: ` before it.
  boost::asio::awaitable<void> notice(std::string sentence);
  boost::asio::awaitable<void> drained() { return queue_.drained(); }

  /// From here on there is a progress line, where a terminal can show it.
  void begin_progress(std::string app);
  void progress_waits_for(std::string what);
  /// Takes the progress line away, for good or until the next tick.
  void erase_progress();
  void end_progress();

  /// Nothing is shown until release(), while a question stands.
  void hold();
  void release() { queue_.release(); }

  /// Asks and tells on a terminal, past what is held.
  void say_now(std::string_view text) const;
  /// A sentence on standard error with which the program ends, past all that is on its way.
  void last_words(std::string_view sentence);
  /// Whether there is a terminal for questions.
  bool can_ask() const { return question_fd_ >= 0; }

  /// output_queue::run. To be spawned once.
  boost::asio::awaitable<int> run_output() { return queue_.run(); }
  /// Redraws the progress line; never ends. To be spawned once.
  boost::asio::awaitable<void> run_progress();

 private:
  void draw_progress();

  const screen_options options_;
  /// Of a terminal, or -1.
  const int progress_fd_;
  const int question_fd_;
  const bool json_on_terminal_;
  boost::asio::steady_timer tick_;
  std::optional<deploy_progress> progress_;
  bool drawn_ = false;
  output_queue queue_;
};

}  // namespace spillway::client
