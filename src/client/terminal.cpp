#include "client/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace spillway::client {

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

std::size_t terminal_width(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

single_keys::single_keys(int fd) : fd_(fd) {
  termios now{};
  if (::tcgetattr(fd_, &now) != 0) return;
  before_ = now;
  now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  now.c_cc[VMIN] = 1;
  now.c_cc[VTIME] = 0;
  // What was typed before the question is no answer to it.
  ::tcsetattr(fd_, TCSAFLUSH, &now);
}

single_keys::~single_keys() {
  if (before_) ::tcsetattr(fd_, TCSADRAIN, &*before_);
}

}  // namespace spillway::client
