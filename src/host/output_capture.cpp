#include "host/output_capture.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace spillway::host {

namespace {

/// How often a sink that was full is offered the count of what it lost.
constexpr int retry_ms = 100;
/// When stopping: how long a pipe may be silent that some other process still holds.
constexpr int silence_ms = 200;
/// When stopping: how long an original descriptor that takes nothing is waited for.
constexpr int stuck_ms = 500;
/// When stopping: how long it may take in all, however busy the other ends are.
constexpr std::chrono::seconds drain_limit{3};

constexpr int roomy_pipe = 256 * 1024;
constexpr int first_free_descriptor = 3;

tl::unexpected<std::string> capture_error(const char* what) {
  return tl::unexpected<std::string>(std::string("cannot capture the process's own output: ") +
                                     what + ": " + std::strerror(errno));
}

/// Blocks every signal in the calling thread, and so in those that it starts meanwhile: signals
/// belong to other threads, and SIGPIPE of a closed stdout must end nothing.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

tl::expected<std::unique_ptr<output_capture>, std::string> output_capture::start(options o) {
  std::unique_ptr<output_capture> made(new output_capture(o));
  made->wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!made->wake_) return capture_error("eventfd");
  for (const int fd : {o.out, o.err}) {
    auto taken = made->take_over(fd);
    if (!taken) return tl::unexpected(std::move(taken.error()));
    made->channels_.push_back(std::move(*taken));
  }
  // A pipe would make stdio keep lines back until its buffer is full.
  if (o.out == STDOUT_FILENO) std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  try {
    const signals_blocked guard;
    made->thread_ = std::thread([self = made.get()] { self->run(); });
  } catch (const std::system_error& failure) {
    errno = failure.code().value();
    return capture_error("thread");
  }
  return made;
}

output_capture::output_capture(options o) : options_(o) {}

output_capture::~output_capture() {
  stop();
}

tl::expected<output_capture::channel, std::string> output_capture::take_over(int fd) const {
  unique_fd original(::fcntl(fd, F_DUPFD_CLOEXEC, first_free_descriptor));
  // Started without one: what is written to it is captured all the same.
  if (!original) original.reset(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  int ends[2];
  if (!original || ::pipe2(ends, O_CLOEXEC) != 0) return capture_error("pipe");
  unique_fd read(ends[0]);
  const unique_fd write(ends[1]);
  ::fcntl(read.get(), F_SETPIPE_SZ, roomy_pipe);  // as far as the system allows
  // Only this end: whoever writes to stdout expects it to block rather than fail.
  ::fcntl(read.get(), F_SETFL, O_NONBLOCK);
  if (::dup2(write.get(), fd) < 0) return capture_error("dup2");
  return channel{.captured = fd,
                 .pipe = std::move(read),
                 .lines = line_splitter(options_.max_line_bytes, carriage_return::kept),
                 .original = passthrough(std::move(original), options_.max_backlog_bytes)};
}

void output_capture::give_back() {
  for (channel& c : channels_) ::dup2(c.original.original().get(), c.captured);
}

void output_capture::wake() const {
  const std::uint64_t one = 1;
  // Full means woken already.
  if (::write(wake_.get(), &one, sizeof one) < 0) return;
}

void output_capture::set_sink(sink to) {
  {
    const std::lock_guard lock(sink_mutex_);
    sink_ = std::move(to);
  }
  wake();
}

void output_capture::stop() {
  if (stopping_.exchange(true)) return;
  if (options_.out == STDOUT_FILENO) std::fflush(stdout);
  give_back();  // closes the writing ends too, so that the pipes come to their end
  wake();
  if (thread_.joinable()) thread_.join();
}

void output_capture::run() {
  while (!stopping_) {
    poll_once(lost_ > 0 ? retry_ms : -1);
    hand_over();
  }
  drain();
}

/// False where nothing happened within the time.
bool output_capture::poll_once(int timeout_ms) {
  std::vector<pollfd> polled{{wake_.get(), POLLIN, 0}};
  for (const channel& c : channels_) {
    polled.push_back({c.pipe.get(), POLLIN, 0});
    polled.push_back({c.original.waiting() ? c.original.poll_fd() : -1, POLLOUT, 0});
  }
  if (::poll(polled.data(), polled.size(), timeout_ms) <= 0) return false;
  if (polled[0].revents != 0) {
    std::uint64_t count = 0;
    if (::read(wake_.get(), &count, sizeof count) < 0 && errno != EAGAIN) return false;
  }
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (polled[1 + 2 * i].revents != 0) read_pipe(channels_[i]);
    if (polled[2 + 2 * i].revents != 0) channels_[i].original.write_some();
  }
  return true;
}

void output_capture::read_pipe(channel& from) {
  std::array<char, 64 * 1024> chunk;
  const ssize_t n = ::read(from.pipe.get(), chunk.data(), chunk.size());
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  std::vector<std::string> lines;
  if (n > 0) {
    from.lines.feed({chunk.data(), static_cast<std::size_t>(n)}, lines);
  } else {
    from.pipe.reset();
  }
  pass_on(from, std::move(lines));
}

void output_capture::pass_on(channel& from, std::vector<std::string> lines) {
  for (std::string& line : lines) {
    from.original.add(line);
    ready_.push_back(std::move(line));
  }
  from.original.write_some();
}

/// Passes on what was written before the descriptors were given back.
void output_capture::drain() {
  const auto open = [this] {
    for (const channel& c : channels_) {
      if (c.pipe) return true;
    }
    return false;
  };
  const auto waiting = [this] {
    for (const channel& c : channels_) {
      if (c.original.waiting()) return true;
    }
    return false;
  };
  const auto limit = std::chrono::steady_clock::now() + drain_limit;
  const auto in_time = [limit] { return std::chrono::steady_clock::now() < limit; };
  while (open() && in_time() && poll_once(silence_ms)) hand_over();
  for (channel& c : channels_) {
    std::vector<std::string> last;
    c.lines.finish(last);
    pass_on(c, std::move(last));
  }
  hand_over();
  for (channel& c : channels_) c.pipe.reset();
  while (waiting() && in_time() && poll_once(stuck_ms)) {
  }
}

void output_capture::hand_over() {
  const std::lock_guard lock(sink_mutex_);
  if (!sink_) return keep_early(std::exchange(ready_, {}));
  const auto give = [this](std::vector<std::string> lines) {
    try {
      return sink_(std::move(lines));
    } catch (...) {  // the capture outlives its sink's troubles
      return false;
    }
  };
  early_bytes_ = 0;
  if (const std::size_t count = early_.size(); count > 0) {
    if (!give(std::exchange(early_, {}))) lost_ += count;
  }
  const std::size_t count = ready_.size();
  if (lost_ > 0) ready_.insert(ready_.begin(), lost_lines_notice(lost_));
  if (ready_.empty()) return;
  lost_ = give(std::exchange(ready_, {})) ? 0 : lost_ + count;
}

void output_capture::keep_early(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    if (lost_ > 0 || early_bytes_ + line.size() > options_.max_early_bytes) {
      ++lost_;
    } else {
      early_bytes_ += line.size() + 1;
      early_.push_back(std::move(line));
    }
  }
}

}  // namespace spillway::host
