#include "sim/host/script_process.hpp"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "sim/host/container_init.hpp"

namespace spillway::sim {

namespace {

namespace asio = boost::asio;

/// How long output may outlive the command: a process that it left may hold the pipe for ever.
constexpr std::chrono::seconds drain_time{2};

struct channel {
  unique_descriptor ours;
  unique_descriptor theirs;
};

bool open_pipe(channel& made) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  made.ours.reset(ends[0]);
  made.theirs.reset(ends[1]);
  return true;
}

bool open_terminal(channel& made) {
  int ours = -1;
  int theirs = -1;
  winsize size{};
  size.ws_row = 24;
  size.ws_col = 80;
  if (::openpty(&ours, &theirs, nullptr, nullptr, &size) != 0) return false;
  made.ours.reset(ours);
  made.theirs.reset(theirs);
  ::fcntl(ours, F_SETFD, FD_CLOEXEC);
  ::fcntl(theirs, F_SETFD, FD_CLOEXEC);
  return true;
}

/// Starts the init process in a session of its own; its number, or 0.
pid_t spawn_init(const script_spec& spec, int in, int out, int err, int status) {
  std::vector<std::string> words = init_arguments(spec);
  words.insert(words.begin(), "spillway-sim");
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  environment.reserve(spec.environment.size() + 1);
  for (const std::string& each : spec.environment) {
    environment.push_back(const_cast<char*>(each.c_str()));
  }
  environment.push_back(nullptr);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  // By numbers that are none of those they go to.
  posix_spawn_file_actions_adddup2(&files, in, 0);
  posix_spawn_file_actions_adddup2(&files, out, 1);
  posix_spawn_file_actions_adddup2(&files, err, 2);
  posix_spawn_file_actions_adddup2(&files, status, init_status_descriptor);
  posix_spawn_file_actions_addclosefrom_np(&files, init_status_descriptor + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
  pid_t pid = 0;
  const int failure = ::posix_spawn(&pid, spec.program.c_str(), &files, &attributes,
                                    arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  errno = failure;
  return failure == 0 ? pid : 0;
}

/// A descriptor above those that the child's are put on.
unique_descriptor raised(unique_descriptor from) {
  if (from.get() > init_status_descriptor) return from;
  return unique_descriptor(::fcntl(from.get(), F_DUPFD_CLOEXEC, init_status_descriptor + 1));
}

void give(asio::posix::stream_descriptor& to, unique_descriptor& fd) {
  boost::system::error_code ignored;
  to.assign(fd.get(), ignored);
  if (ignored) return;
  fd.release();
  to.native_non_blocking(true, ignored);
}

}  // namespace

script_process::script_process(asio::io_context& io, handlers to)
    : strand_(asio::make_strand(io)),
      to_(std::move(to)),
      sources_{source(strand_, output_kind::standard_output),
               source(strand_, output_kind::standard_error)},
      status_(strand_),
      exit_(strand_),
      drain_(strand_) {}

script_process::~script_process() {
  kill_all();
  if (init_pid_ > 0) ::waitpid(init_pid_, nullptr, 0);
}

void script_process::start(script_spec spec) {
  asio::post(strand_, [self = shared_from_this(), spec = std::move(spec)] { self->launch(spec); });
}

void script_process::read() {
  asio::post(strand_, [self = shared_from_this()] {
    self->wanted_ = true;
    self->settle();
  });
}

void script_process::signal(int number) {
  asio::post(strand_, [self = shared_from_this(), number] {
    if (number == SIGKILL) return self->kill_all();
    if (self->pid_ > 0 && !self->exit_code_) ::kill(self->pid_, number);
  });
}

void script_process::abandon() {
  asio::post(strand_, [self = shared_from_this()] {
    self->to_ = {};
    self->kill_all();
    for (source& each : self->sources_) {
      boost::system::error_code ignored;
      each.pipe.close(ignored);
    }
    self->settle();
  });
}

void script_process::kill_all() {
  if (exit_code_ || init_pid_ <= 0) return;
  // The init process reaps the command, and ends as it did; it is killed where there is none yet.
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
  } else {
    ::kill(-init_pid_, SIGKILL);
  }
}

void script_process::launch(const script_spec& spec) {
  unique_descriptor in = raised(unique_descriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)));
  channel out;
  channel err;
  channel status;
  const bool open =
      in && open_pipe(status) && (spec.tty ? open_terminal(out) : open_pipe(out) && open_pipe(err));
  if (!open) return fail("cannot open a pipe: " + std::string(std::strerror(errno)));
  out.theirs = raised(std::move(out.theirs));
  err.theirs = raised(std::move(err.theirs));
  status.theirs = raised(std::move(status.theirs));
  const int terminal = out.theirs.get();
  init_pid_ = spec.tty ? spawn_init(spec, terminal, terminal, terminal, status.theirs.get())
                       : spawn_init(spec, in.get(), out.theirs.get(), err.theirs.get(),
                                    status.theirs.get());
  if (init_pid_ <= 0) return fail("cannot start a process: " + std::string(std::strerror(errno)));
  unique_descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, init_pid_, 0)));
  give(exit_, ended);
  give(status_, status.ours);
  give(sources_[0].pipe, out.ours);
  if (!spec.tty) give(sources_[1].pipe, err.ours);
  watch_status();
  watch_exit();
}

void script_process::fail(std::string why) {
  exit_code_ = 127;
  started_told_ = true;
  if (to_.started) to_.started(0, std::move(why));
  settle();
}

void script_process::watch_status() {
  status_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](boost::system::error_code error) {
                       if (!error) self->on_status();
                     });
}

void script_process::on_status() {
  char bytes[512];
  const ssize_t n = ::read(status_.native_handle(), bytes, sizeof bytes);
  if (n > 0 && status_text_.size() < 4096) status_text_.append(bytes, static_cast<std::size_t>(n));
  if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) return watch_status();
  boost::system::error_code ignored;
  status_.close(ignored);
  if (status_text_.starts_with("pid ")) {
    std::from_chars(status_text_.data() + 4, status_text_.data() + status_text_.size(), pid_);
  }
  std::string error;
  if (const auto at = status_text_.find("error "); at != std::string::npos) {
    error = status_text_.substr(at + 6, status_text_.find('\n', at) - at - 6);
  } else if (pid_ <= 0) {
    error = "the init process has ended";
  }
  started_told_ = true;
  if (to_.started) to_.started(pid_, std::move(error));
  settle();
}

void script_process::watch_exit() {
  exit_.async_wait(asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](boost::system::error_code error) {
                     if (!error) self->on_exit();
                   });
}

void script_process::on_exit() {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(init_pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
      info.si_pid == 0) {
    return watch_exit();
  }
  exit_code_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
  // What it left: then the pipes end.
  ::kill(-init_pid_, SIGKILL);
  ::waitpid(init_pid_, nullptr, 0);
  init_pid_ = -1;
  drain_.expires_after(drain_time);
  drain_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (error) return;
    for (source& each : self->sources_) {
      boost::system::error_code ignored;
      each.pipe.close(ignored);
    }
    self->settle();
  });
  settle();
}

void script_process::watch(source& from) {
  if (!from.pipe.is_open() || std::exchange(from.waiting, true)) return;
  from.pipe.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this(), &from](boost::system::error_code) {
                         from.waiting = false;
                         self->on_readable(from);
                       });
}

void script_process::on_readable(source& from) {
  // Unwanted bytes stay in the pipe: that holds the process back.
  const bool wanted = wanted_ || exit_code_;
  if (!wanted || !started_told_ || !from.pipe.is_open()) return;
  std::string bytes(32 * 1024, '\0');
  const ssize_t n = ::read(from.pipe.native_handle(), bytes.data(), bytes.size());
  if (n > 0) {
    bytes.resize(static_cast<std::size_t>(n));
    wanted_ = false;
    if (to_.printed) to_.printed(from.kind, std::move(bytes));
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    // A terminal ends with an error.
    boost::system::error_code ignored;
    from.pipe.close(ignored);
  }
  settle();
}

void script_process::settle() {
  const bool drained = !sources_[0].pipe.is_open() && !sources_[1].pipe.is_open();
  if (exit_code_ && drained && started_told_ && !std::exchange(ended_told_, true)) {
    drain_.cancel();
    boost::system::error_code ignored;
    exit_.close(ignored);
    if (to_.ended) to_.ended(*exit_code_);
    to_ = {};
    return;
  }
  if (!started_told_ || (!wanted_ && !exit_code_)) return;
  for (source& each : sources_) watch(each);
}

}  // namespace spillway::sim
