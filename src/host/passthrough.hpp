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
/// At most `max_backlog` bytes wait (a single longer line excepted), and a piece under way; past
/// that the oldest lines go, and one line in their place tells how many.
///
/// O_NONBLOCK would be set for everybody who has the same terminal, pipe or socket (the shell that
/// started us, say), so it is not touched. Instead: a socket is written with MSG_DONTWAIT; a pipe
/// or terminal is opened once more, for us alone and non-blocking; where that is refused, and for
/// files, no more than PIPE_BUF bytes are written each time that `poll` finds room, which can wait
/// only if another process fills a pipe in between. Context: one thread.
class passthrough {
 public:
  passthrough(unique_fd original, std::size_t max_backlog);

  /// Takes a line without newline.
  void add(const std::string& line);
  /// Whether there is something to write: poll `poll_fd()` for POLLOUT then.
  bool waiting() const { return !piece_.empty() || !backlog_.empty(); }
  int poll_fd() const { return writer().get(); }
  /// Writes as much as fits. Never waits.
  void write_some();

  const unique_fd& original() const { return original_; }

 private:
  enum class way { send_without_waiting, non_blocking, small_pieces };

  const unique_fd& writer() const { return way_ == way::non_blocking ? own_ : original_; }
  void next_piece();
  long write_piece();
  void drop_piece();

  unique_fd original_;
  unique_fd own_;  // the same pipe or terminal, opened for us alone
  way way_ = way::small_pieces;
  std::size_t max_backlog_;
  std::string piece_;  // whole lines under way, of which `written_` bytes are gone
  std::size_t written_ = 0;
  std::uint64_t told_ = 0;  // lost lines that the piece begins with telling
  std::uint64_t lost_ = 0;  // lines that stood between the piece and the backlog
  std::deque<std::string> backlog_;
  std::size_t backlog_bytes_ = 0;
};

}  // namespace spillway::host
