// Lines on their way to a descriptor that may be stuck.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "host/unique_fd.hpp"

namespace spillway::host {

/// `<time> [spillway] N lines lost`, with the time of now.
std::string lost_lines_notice(std::uint64_t count);

/// Writes lines to a descriptor that this process shares with others, without ever waiting for it.
/// At most `max_backlog` bytes wait (a single longer line excepted); past that the oldest lines go,
/// and one line in their place tells how many.
///
/// O_NONBLOCK would be set for everybody who has the same terminal, pipe or socket (the shell that
/// started us, say), so it is not touched. Instead: a socket is written with MSG_DONTWAIT; a pipe or
/// terminal is opened once more, for us alone and non-blocking; where that is refused, and for
/// files, no more than PIPE_BUF bytes are written each time that `poll` finds room, which can wait
/// only if another process fills a pipe in between. Context: one thread.
class passthrough {
 public:
  passthrough(unique_fd original, std::size_t max_backlog);

  /// Takes a line without newline.
  void add(const std::string& line);
  /// Whether there is something to write: poll `poll_fd()` for POLLOUT then.
  bool waiting() const { return !backlog_.empty() || lost_ > 0; }
  int poll_fd() const { return writer().get(); }
  /// After poll found room, or an error. Never waits.
  void write_some();

  const unique_fd& original() const { return original_; }

 private:
  struct entry {
    std::string text;
    std::uint64_t lost = 0;  // of a notice: the count it tells
  };
  enum class way { send_without_waiting, non_blocking, small_pieces };

  const unique_fd& writer() const { return way_ == way::non_blocking ? own_ : original_; }
  void drop_oldest();
  long write_front();

  unique_fd original_;
  unique_fd own_;  // the same pipe or terminal, opened for us alone
  way way_ = way::small_pieces;
  std::size_t max_backlog_;
  std::deque<entry> backlog_;
  std::size_t bytes_ = 0;
  std::size_t written_of_front_ = 0;
  std::uint64_t lost_ = 0;  // lines that stood between the front, where that is begun, and the rest
  bool broken_ = false;
};

}  // namespace spillway::host
