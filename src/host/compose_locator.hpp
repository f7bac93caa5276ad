// Which command runs compose on this host.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace spillway::host {

/// Tries the ways to call compose, each by asking for its version, until one works, and remembers
/// that one. Those that fail are not remembered: what is installed later is found.
/// Context: any thread. Handlers run on an I/O thread.
class compose_locator {
 public:
  using command = std::vector<std::string>;
  using handler = std::function<void(tl::expected<command, std::string>)>;

  /// The context must outlive what is asked for here. A try that takes longer than `patience` has
  /// failed. `environment` is that of the runs to come (child_command): where Docker looks for its
  /// plugins depends on it.
  compose_locator(boost::asio::io_context& io, std::vector<command> candidates,
                  std::chrono::milliseconds patience, std::vector<std::string> environment = {});
  ~compose_locator();

  /// Hands over the first words of a compose command, or a sentence that says what to install.
  void locate(handler done);

  /// `docker compose`, then `docker-compose`, with the flag for plain output that each accepts.
  static std::vector<command> usual_candidates();

 private:
  struct search;
  std::shared_ptr<search> search_;
};

}  // namespace spillway::host
