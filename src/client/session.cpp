#include "client/session.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>
#include <utility>

namespace spillway::client {
namespace {

namespace asio = boost::asio;

/// A socket must not get the number of a stream that was closed for this program.
void fill_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) continue;
    [[maybe_unused]] const int opened = ::open("/dev/null", O_RDWR);
  }
}

bool is_pipe(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

session_options prepared(session_options options) {
  fill_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
  return options;
}

}  // namespace

session::session(session_options options)
    : options_(prepared(std::move(options))),
      signals_(io_, SIGINT, SIGTERM, SIGHUP),
      screen_(io_.get_executor(), options_.screen),
      link_(options_.link),
      reader_gone_(io_.get_executor(), STDOUT_FILENO, readiness::reader_gone) {}

int session::run() {
  asio::co_spawn(io_, work(), [this](const std::exception_ptr& thrown, int code) {
    if (!thrown) return finish(code);
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      screen_.last_words(e.what());
    }
    finish(exit_failed);
  });
  asio::co_spawn(io_, watch_signals(), asio::detached);
  asio::co_spawn(io_, write_output(), asio::detached);
  asio::co_spawn(io_, screen_.run_progress(), asio::detached);
  if (is_pipe(STDOUT_FILENO)) asio::co_spawn(io_, watch_reader(), asio::detached);
  io_.run();
  return exit_code_;
}

void session::finish(int code) {
  if (io_.stopped()) return;
  screen_.end_progress();
  exit_code_ = code;
  io_.stop();
}

asio::awaitable<int> session::conclude(subject_end how) {
  co_await screen_.drained();
  screen_.end_progress();
  if (!how.sentence.empty()) co_await screen_.notice(std::move(how.sentence));
  co_await screen_.drained();
  co_return how.succeeded ? exit_success : exit_failed;
}

asio::awaitable<void> session::interrupted() {
  say_goodbye();
  finish(exit_interrupted);
  co_return;
}

asio::awaitable<void> session::watch_signals() {
  for (;;) {
    boost::system::error_code ec;
    const int number = co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return;
    if (number == SIGINT) {
      co_await interrupted();
      continue;
    }
    say_goodbye();
    finish(128 + number);
    co_return;
  }
}

asio::awaitable<void> session::write_output() {
  const int error = co_await screen_.run_output();
  if (error == EPIPE) {
    output_closed();
    co_return finish(closed_output_code());
  }
  screen_.last_words("the output cannot be written: " +
                     std::error_code(error, std::generic_category()).message());
  finish(exit_failed);
}

asio::awaitable<void> session::watch_reader() {
  co_await reader_gone_.wait();
  output_closed();
  finish(closed_output_code());
}

}  // namespace spillway::client
