#include "client/question.hpp"

#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <optional>

#include "client/descriptor_wait.hpp"
#include "client/terminal.hpp"

namespace spillway::client {
namespace {

namespace asio = boost::asio;

constexpr std::string_view question_text =
    "the deploy is still running: [c]ancel it, [s]top watching, [g]o on? ";

/// What a key means; nothing for one that is no answer.
std::optional<interrupt_answer> meaning_of(char key) {
  switch (key) {
    case 'c':
    case 'C':
      return interrupt_answer::cancel_deploy;
    case 's':
    case 'S':
    case '\x04':
      return interrupt_answer::stop_watching;
    case 'g':
    case 'G':
      return interrupt_answer::go_on;
    default:
      return std::nullopt;
  }
}

std::string_view echo_of(interrupt_answer answer) {
  switch (answer) {
    case interrupt_answer::cancel_deploy:
      return "cancel\n";
    case interrupt_answer::go_on:
      return "go on\n";
    case interrupt_answer::stop_watching:
      break;
  }
  return "stop watching\n";
}

asio::awaitable<interrupt_answer> read_answer() {
  descriptor_wait ready(co_await asio::this_coro::executor, STDIN_FILENO, readiness::to_read);
  for (;;) {
    const bool is_ready = co_await ready.wait();
    // Else the read would wait, and everything with it.
    if (!is_ready) co_return interrupt_answer::stop_watching;
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) != 1) co_return interrupt_answer::stop_watching;
    if (const auto meant = meaning_of(key)) co_return *meant;
  }
}

asio::awaitable<void> next_signal(asio::signal_set& signals) {
  boost::system::error_code ignored;
  co_await signals.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace

asio::awaitable<interrupt_answer> ask_after_interrupt(screen& on, asio::signal_set& signals) {
  using namespace asio::experimental::awaitable_operators;
  asio::signal_set continued(co_await asio::this_coro::executor, SIGCONT);
  auto answer = interrupt_answer::stop_watching;
  for (;;) {
    const single_keys keys(STDIN_FILENO);
    on.say_now(question_text);
    const auto first = co_await (read_answer() || next_signal(signals) || next_signal(continued));
    // Back from the shell, which has set up the terminal for others.
    if (first.index() == 2) continue;
    if (first.index() == 0) answer = std::get<0>(first);
    break;
  }
  on.say_now(echo_of(answer));
  co_return answer;
}

}  // namespace spillway::client
