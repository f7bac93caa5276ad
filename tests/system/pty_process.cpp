#include "system/pty_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace spillway::system_test {
namespace {

/// Between fork and exec: async-signal-safe calls only.
void become_session_on(int terminal, bool no_input) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setsid();
  ioctl(terminal, TIOCSCTTY, 0);
  dup2(no_input ? ::open("/dev/null", O_RDONLY) : terminal, 0);
  dup2(terminal, 1);
  dup2(terminal, 2);
}

}  // namespace

pty_process::pty_process(const command& what, pty_options options) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = options.columns;
  if (openpty(&terminal_, &program_side_, nullptr, nullptr, &size) != 0)
    throw std::runtime_error("cannot make a terminal");
  fcntl(terminal_, F_SETFD, FD_CLOEXEC);
  fcntl(program_side_, F_SETFD, FD_CLOEXEC);
  // env(1) sets what the program's environment has beside the test's.
  std::vector<std::string> words{"env", "-u", "NO_COLOR", "TERM=xterm"};
  for (const auto& [name, value] : what.environment) words.push_back(name + "=" + value);
  words.insert(words.end(), what.arguments.begin(), what.arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    become_session_on(program_side_, options.no_input);
    execvp(pointers[0], pointers.data());
    _exit(127);
  }
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  stop_ = eventfd(0, EFD_CLOEXEC);
  collector_ = std::thread([this] { collect(); });
}

pty_process::~pty_process() {
  if (!exit_) {
    kill(pid_, SIGKILL);
    wait_exit();
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(stop_, &one, sizeof one);
  collector_.join();
  for (const int fd : {terminal_, program_side_, stop_}) close(fd);
}

void pty_process::type(std::string_view keys) const {
  if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::runtime_error("cannot type");
}

bool pty_process::wait_for(std::string_view text) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] {
    const auto at = text_.find(text, seen_to_);
    if (at == std::string::npos) return false;
    seen_to_ = at + text.size();
    return true;
  });
}

std::optional<int> pty_process::wait_exit() {
  if (exit_) return exit_;
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd ready{handle, POLLIN, 0};
  const std::chrono::milliseconds deadline = patience;
  const bool ended = poll(&ready, 1, static_cast<int>(deadline.count())) > 0;
  close(handle);
  if (!ended) return {};
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  // What it wrote last is in front of this.
  const std::string_view mark = "\x01pty end\x01";
  [[maybe_unused]] const auto written = write(program_side_, mark.data(), mark.size());
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return text_.ends_with(mark); });
  if (text_.ends_with(mark)) text_.resize(text_.size() - mark.size());
  return exit_;
}

std::string pty_process::seen() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

bool pty_process::is_as_before() const {
  termios now{};
  return tcgetattr(program_side_, &now) == 0 && (now.c_lflag & ICANON) && (now.c_lflag & ECHO);
}

void pty_process::collect() {
  std::array<pollfd, 2> fds{{{terminal_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  std::array<char, 65536> buffer{};
  for (;;) {
    poll(fds.data(), fds.size(), -1);
    if (fds[1].revents) return;
    const auto count = read(terminal_, buffer.data(), buffer.size());
    if (count <= 0) return;
    const std::lock_guard lock(mutex_);
    text_.append(buffer.data(), static_cast<std::size_t>(count));
    changed_.notify_all();
  }
}

}  // namespace spillway::system_test
