#include "system/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace spillway::system_test {

namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    if (!extra.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : extra) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

int input_of(const std::string& text) {
  const int fd = memfd_create("input", MFD_CLOEXEC);
  if (write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error("cannot write a program's input");
  lseek(fd, 0, SEEK_SET);
  return fd;
}

}  // namespace

child_process::child_process(const command& what) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("cannot make a pipe");
  const int in = input_of(what.input);
  auto argument_texts = what.arguments;
  auto environment_texts = merged_environment(what.environment);
  const auto arguments = pointers(argument_texts);
  const auto environment = pointers(environment_texts);
  pid_ = fork();
  if (pid_ == 0) {
    // Between fork and exec: async-signal-safe calls only.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    execvpe(arguments[0], arguments.data(), environment.data());
    _exit(127);
  }
  close(in);
  close(out[1]);
  close(err[1]);
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  out_ = out[0];
  err_ = err[0];
  stop_ = eventfd(0, EFD_CLOEXEC);
  collector_ = std::thread([this] { collect(); });
}

child_process::~child_process() {
  if (running()) {
    send_signal(SIGKILL);
    wait_exit();
  }
  // A grandchild may hold the pipes open, so the collector is told to stop as well.
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(stop_, &one, sizeof one);
  collector_.join();
  for (const int fd : {pidfd_, out_, err_, stop_}) close(fd);
}

bool child_process::running() {
  return !wait_exit(std::chrono::milliseconds(0));
}

void child_process::send_signal(int number) {
  if (!exit_) kill(pid_, number);
}

std::optional<int> child_process::wait_exit(std::chrono::milliseconds deadline) {
  if (exit_) return exit_;
  pollfd ready{pidfd_, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(deadline.count())) <= 0) return {};
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  // What it wrote last is still in the pipes; a grandchild that keeps them open is not waited for.
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(1), [this] { return drained_; });
  return exit_;
}

std::optional<std::string> child_process::wait_for_output(std::string_view text,
                                                          std::chrono::milliseconds deadline) {
  std::optional<std::string> rest;
  const auto found = [&] {
    const auto at = out_text_.find(text);
    const auto end = at == std::string::npos ? at : out_text_.find('\n', at);
    if (end == std::string::npos) return false;
    rest = out_text_.substr(at + text.size(), end - at - text.size());
    return true;
  };
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, deadline, [&] { return drained_ || found(); });
  found();
  return rest;
}

std::string child_process::standard_output() const {
  const std::lock_guard lock(mutex_);
  return out_text_;
}

std::string child_process::standard_error() const {
  const std::lock_guard lock(mutex_);
  return err_text_;
}

void child_process::collect() {
  std::array<pollfd, 3> fds{{{out_, POLLIN, 0}, {err_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  std::array<char, 65536> buffer{};
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    poll(fds.data(), fds.size(), -1);
    if (fds[2].revents) break;
    for (std::size_t i = 0; i < 2; ++i) {
      if (fds[i].fd < 0 || !fds[i].revents) continue;
      const auto count = read(fds[i].fd, buffer.data(), buffer.size());
      if (count <= 0) {
        fds[i].fd = -1;
        continue;
      }
      const std::lock_guard lock(mutex_);
      (i == 0 ? out_text_ : err_text_).append(buffer.data(), static_cast<std::size_t>(count));
      changed_.notify_all();
    }
  }
  const std::lock_guard lock(mutex_);
  drained_ = true;
  changed_.notify_all();
}

finished_command run(const command& what, std::chrono::milliseconds deadline) {
  child_process process(what);
  const auto code = process.wait_exit(deadline);
  return {code, process.standard_output(), process.standard_error()};
}

}  // namespace spillway::system_test
