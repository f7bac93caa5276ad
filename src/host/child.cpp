#include "host/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

// Process v2 of Boost 1.81 uses this one of Asio without including it.
#include <boost/asio/detail/throw_error.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/posix/vfork_launcher.hpp>
#include <boost/process/v2/process.hpp>

#include "host/descriptor_limit.hpp"

namespace spillway::host {

namespace {

namespace process = boost::process::v2;

using error_text = tl::unexpected<std::string>;

error_text cannot_start(const std::string& program, const std::string& reason) {
  return error_text("cannot start " + program + ": " + reason);
}

bool is_program(const std::filesystem::path& path) {
  std::error_code ec;
  return std::filesystem::is_regular_file(path, ec) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    // Absolute, for the child starts elsewhere.
    std::error_code ec;
    const std::filesystem::path path = std::filesystem::absolute(name, ec);
    if (!ec && is_program(path)) return path.string();
    return std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty() && !name.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && is_program(candidate)) return candidate.string();
  }
  return std::nullopt;
}

/// What the service manager tells this process alone (sd_notify(3), sd_listen_fds(3)).
constexpr std::string_view not_inherited[] = {"NOTIFY_SOCKET=", "WATCHDOG_PID=", "WATCHDOG_USEC=",
                                              "LISTEN_PID=",    "LISTEN_FDS=",   "LISTEN_FDNAMES="};

/// The environment of this process with `changes` in place of what they name.
std::vector<const char*> changed_environment(const std::vector<std::string>& changes) {
  std::vector<const char*> all;
  all.reserve(changes.size() + 64);
  for (const std::string& change : changes) all.push_back(change.c_str());
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(changes.begin(), changes.end(),
                                      [&](auto& change) { return change.starts_with(name); });
    const bool ours_alone = std::ranges::find(not_inherited, name) != std::end(not_inherited);
    if (!replaced && !ours_alone) all.push_back(*entry);
  }
  all.push_back(nullptr);
  return all;
}

/// What the child does between fork and exec, the exec included: nothing here may allocate or lock.
struct exec_in_own_group {
  int in;
  int out;
  int err;
  /// Takes the errno of a failure; the exec closes it.
  int failed;
  const char* directory;
  const rlimit* descriptors;

  [[noreturn]] boost::system::error_code on_exec_setup(process::posix::default_launcher& launcher,
                                                       const boost::filesystem::path& program,
                                                       const char* const* arguments) const {
    const bool ready = ::setpgid(0, 0) == 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 &&
                       ::dup2(err, 2) == 2 && (!*directory || ::chdir(directory) == 0);
    if (descriptors) ::setrlimit(RLIMIT_NOFILE, descriptors);
    // Marked rather than closed: `failed` must live until the exec. The launcher's way, a walk
    // through /dev/fd, allocates.
    if (ready && ::syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) == 0) {
      reset_signals();
      ::execve(program.c_str(), const_cast<char* const*>(arguments),
               const_cast<char* const*>(launcher.env));
    }
    // Not back to the launcher: its exit() would run this program's destructors in the child.
    const int failure = errno;
    const ssize_t told = ::write(failed, &failure, sizeof failure);
    ::_exit(told == sizeof failure ? 127 : 126);
  }

  static void reset_signals() {
    for (const int s : {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGCHLD}) {
      ::signal(s, SIG_DFL);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
  }
};

struct pipe_ends {
  unique_fd read;
  unique_fd write;
};

bool make_pipe(pipe_ends& ends) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return false;
  ends.read.reset(fds[0]);
  ends.write.reset(fds[1]);
  return true;
}

/// Keeps every signal from this thread: a handler that ran in the child would run in our memory.
class no_signals {
 public:
  no_signals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~no_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  no_signals(const no_signals&) = delete;
  no_signals& operator=(const no_signals&) = delete;

 private:
  sigset_t before_;
};

/// Forks and executes; returns the leader's number. By vfork: Asio allocates in the child, and
/// after a fork of many threads an allocator's lock may be held there for ever by one that is gone.
tl::expected<pid_t, std::string> fork_and_exec(const std::string& program,
                                               const child_command& command,
                                               exec_in_own_group setup) {
  pipe_ends failure;
  if (!make_pipe(failure)) return error_text(std::strerror(errno));
  setup.failed = failure.write.get();
  const std::vector<const char*> environment = changed_environment(command.environment);
  process::posix::vfork_launcher launcher;
  launcher.env = environment.data();
  // A context of its own, for the launcher tells it in the child of the fork: telling the one that
  // other threads work on takes locks that those threads may have held at that moment.
  boost::asio::io_context aside;
  boost::system::error_code ec;
  try {
    const std::vector<std::string> arguments(command.words.begin() + 1, command.words.end());
    const no_signals quiet;
    auto started =
        launcher(aside.get_executor(), ec, boost::filesystem::path(program), arguments, setup);
    started.detach();
  } catch (const std::exception& thrown) {  // it opens a descriptor of its own at the end
    if (launcher.pid > 0) ::kill(-launcher.pid, SIGKILL);
    if (launcher.pid > 0) ::waitpid(launcher.pid, nullptr, 0);
    return error_text(thrown.what());
  }
  if (ec) return error_text(ec.message());
  failure.write.reset();
  int reason = 0;
  ssize_t n = 0;
  while ((n = ::read(failure.read.get(), &reason, sizeof reason)) < 0 && errno == EINTR) {
  }
  if (n == 0) return launcher.pid;
  ::waitpid(launcher.pid, nullptr, 0);  // it has left through _exit
  return error_text(std::strerror(reason));
}

}  // namespace

tl::expected<child, std::string> child::launch(const child_command& command, child_output output) {
  if (command.words.empty()) return error_text("cannot start an empty command");
  const std::string& name = command.words.front();
  const std::optional<std::string> program = find_program(name);
  if (!program) return cannot_start(name, "no such program");

  unique_fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  pipe_ends out;
  pipe_ends err;
  if (!null || (output == child_output::piped && (!make_pipe(out) || !make_pipe(err)))) {
    return cannot_start(name, std::strerror(errno));
  }
  const bool piped = output == child_output::piped;
  const auto pid = fork_and_exec(*program, command,
                                 {.in = null.get(),
                                  .out = piped ? out.write.get() : null.get(),
                                  .err = piped ? err.write.get() : null.get(),
                                  .failed = -1,
                                  .directory = command.directory.c_str(),
                                  .descriptors = descriptor_limit_before()});
  if (!pid) return cannot_start(name, pid.error());

  child made;
  made.pid_ = *pid;
  made.ended.reset(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (!made.ended) return cannot_start(name, std::strerror(errno));
  made.out = std::move(out.read);
  made.err = std::move(err.read);
  return made;
}

child::child(child&& other) noexcept
    : ended(std::move(other.ended)),
      out(std::move(other.out)),
      err(std::move(other.err)),
      pid_(std::exchange(other.pid_, -1)) {}

child::~child() {
  if (pid_ <= 0) return;
  signal_group(SIGKILL);
  ::waitpid(pid_, nullptr, WNOHANG);
}

std::optional<int> child::exit_code() const {
  siginfo_t info{};
  const int options = WEXITED | WNOWAIT | WNOHANG;
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, options) != 0) return 128 + SIGKILL;
  if (info.si_pid == 0) return std::nullopt;
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

void child::signal_group(int signal) const {
  ::kill(-pid_, signal);
}

}  // namespace spillway::host
