// How a run ends early: Ctrl-C, or a part that cannot go on.
#pragma once

#include <stdexcept>
#include <string>

namespace spillway::bench {

/// The run cannot go on; the text is a sentence for the one who started it.
class failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// SIGINT and SIGTERM end the run in order, so that nothing of it is left behind.
void stop_on_signals();

/// The main thread ends with this sentence at its next `throw_if_stopped`. Context: any thread.
void request_stop(const std::string& why);

/// Context: the main thread.
void throw_if_stopped();

}  // namespace spillway::bench
