// Clients of other makers, run as programs of their own: Node's ws and Chromium (tests/clients).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"
#include "system/child_process.hpp"
#include "system/server.hpp"

namespace spillway::system_test {

/// The path of a file in tests/clients.
std::string client_script(const std::string& name);
/// Where `scripts/install-deps clients` puts node_modules.
std::string node_modules_folder();
/// Why no client can run here that uses this module of Node's; nothing where it can.
std::optional<std::string> missing_module(const std::string& name);
/// The same for Node's ws.
std::optional<std::string> missing_ws();
/// The browser's program (`SPILLWAY_TEST_CHROMIUM`, or the first that is found); empty without one.
std::string chromium_program();
/// Why no page in Chromium can run here; nothing where it can.
std::optional<std::string> missing_chromium();

/// Skips a test where `missing` says why a client cannot run.
#define SPILLWAY_NEEDS_CLIENT(missing) \
  if (const auto why = (missing))      \
  GTEST_SKIP() << *why << ": scripts/install-deps clients installs it"

/// What a client was sent, by its own account.
struct client_report {
  std::string extensions;
  unsigned code = 0;
  std::string reason;
  std::vector<std::string> frames;
  /// 0 where the client cannot tell.
  std::size_t wire_bytes = 0;
  std::size_t payload_bytes = 0;
};

/// A viewer in a program of its own. Context: the test's thread.
class client_program {
 public:
  /// `wait_received` returns once `awaited` frames have come. The client connects to `where`: to
  /// the server, or to a proxy in front of it.
  static client_program ws(const server& of, const address& where, const std::string& target,
                           std::size_t awaited);
  /// Reads nothing after these, until `go_on`.
  static client_program stuck_ws(const server& of, const address& where, const std::string& target,
                                 std::size_t awaited);
  static client_program chromium(const address& where, const std::string& target,
                                 std::size_t awaited);

  bool wait_received();
  void go_on();
  /// Waits for the stream's end. Throws where the client does not report.
  client_report wait_report();

 private:
  explicit client_program(command what);

  /// A browser's profile and whatever else a client leaves behind.
  std::unique_ptr<temp_dir> home_ = std::make_unique<temp_dir>();
  std::unique_ptr<child_process> process_;
};

}  // namespace spillway::system_test
