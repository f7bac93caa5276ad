#include "client/screen.hpp"

#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "client/terminal.hpp"

namespace spillway::client {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds progress_interval{250};
/// To the line's start, and what stands there is erased.
constexpr std::string_view erase_line = "\r\x1b[K";

/// Standard error, or standard output where only that is a terminal; -1 where neither is.
int terminal_among_outputs() {
  if (is_terminal(STDERR_FILENO)) return STDERR_FILENO;
  return is_terminal(STDOUT_FILENO) ? STDOUT_FILENO : -1;
}

int progress_terminal(const screen_options& options) {
  const int fd = terminal_among_outputs();
  return options.can_rewrite && !(options.json && fd == STDOUT_FILENO) ? fd : -1;
}

/// A terminal takes so little at once.
void write_at_once(int fd, std::string_view text) {
  [[maybe_unused]] const auto count = ::write(fd, text.data(), text.size());
}

}  // namespace

screen::screen(const asio::any_io_executor& executor, screen_options options)
    : options_(options),
      progress_fd_(progress_terminal(options)),
      question_fd_(terminal_among_outputs()),
      json_on_terminal_(options.json && is_terminal(STDOUT_FILENO)),
      tick_(executor),
      queue_(executor, STDOUT_FILENO, STDERR_FILENO, [this] { erase_progress(); }) {}

asio::awaitable<void> screen::show(std::string raw, frame parsed, deploy_duration took) {
  if (progress_) progress_->note(parsed);
  if (json_on_terminal_) raw = json_for_terminal(raw);
  if (options_.json) return queue_.write(output_queue::end::standard_output, raw + '\n');
  return queue_.write(output_queue::end::standard_output,
                      frame_text(parsed, raw, options_.style, took));
}

asio::awaitable<void> screen::notice(std::string sentence) {
  return queue_.write(output_queue::end::standard_error,
                      "spillway: " + terminal_text(sentence, colours::removed) + '\n');
}

void screen::begin_progress(std::string app) {
  if (progress_fd_ < 0) return;
  progress_.emplace(std::move(app), deploy_progress::clock::now());
  draw_progress();
}

void screen::progress_waits_for(std::string what) {
  if (progress_) progress_->waiting_for(std::move(what));
}

void screen::erase_progress() {
  if (std::exchange(drawn_, false)) write_at_once(progress_fd_, erase_line);
}

void screen::end_progress() {
  erase_progress();
  progress_.reset();
}

void screen::hold() {
  // The terminal has echoed ^C there.
  if (progress_fd_ >= 0) drawn_ = true;
  erase_progress();
  queue_.hold();
}

void screen::say_now(std::string_view text) const {
  write_at_once(question_fd_ >= 0 ? question_fd_ : STDERR_FILENO, text);
}

void screen::last_words(std::string_view sentence) {
  end_progress();
  write_at_once(STDERR_FILENO, "spillway: " + terminal_text(sentence, colours::removed) + '\n');
}

asio::awaitable<void> screen::run_progress() {
  for (;;) {
    tick_.expires_after(progress_interval);
    boost::system::error_code ignored;
    co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (queue_.empty() && !queue_.held()) draw_progress();
  }
}

void screen::draw_progress() {
  if (!progress_) return;
  // One column is left free: a terminal would wrap.
  const auto text =
      progress_->text(deploy_progress::clock::now(), terminal_width(progress_fd_) - 1);
  write_at_once(progress_fd_, std::string(erase_line) + text);
  drawn_ = true;
}

}  // namespace spillway::client
