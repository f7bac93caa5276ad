// The terminal that a descriptor is, if it is one.
#pragma once

#include <termios.h>

#include <cstddef>
#include <optional>

namespace spillway::client {

bool is_terminal(int fd);

/// Its width in columns (TIOCGWINSZ); 80 where it does not say.
std::size_t terminal_width(int fd);

/// Keys arrive one by one and are not echoed while this lives; signals still come from Ctrl-C.
/// Context: one thread.
class single_keys {
 public:
  explicit single_keys(int fd);
  ~single_keys();
  single_keys(const single_keys&) = delete;
  single_keys& operator=(const single_keys&) = delete;

 private:
  const int fd_;
  std::optional<termios> before_;
};

}  // namespace spillway::client
