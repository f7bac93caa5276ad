// The listener's TLS, as the configuration says it: read at start, and again while the server runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/settings.hpp"
#include "net/current_tls_context.hpp"

namespace spillway::app {

/// Without TLS in the configuration nothing is read and all is plain HTTP. Blocks on the disk.
/// Context: the main thread; what `context` refers to, any.
class server_tls {
 public:
  explicit server_tls(const config::settings& settings) : settings_(settings) {}

  /// Once, before the server listens. The error is a sentence.
  tl::expected<void, std::string> load();
  /// What there is to say about what was loaded, for which a log has to be there.
  void log_loaded() const;
  /// What SIGHUP asks for: new connections get the files as they are now. Where these cannot be
  /// used all stays as it was, and the log says why. The service manager is told of both ends.
  void reload();

  std::string_view scheme() const { return context_ ? "https" : "http"; }
  /// Null for plain HTTP.
  const net::current_tls_context* context() const { return context_ ? &*context_ : nullptr; }

 private:
  tl::expected<net::loaded_tls_context, std::string> read() const;
  void read_again();

  const config::settings& settings_;
  std::optional<net::current_tls_context> context_;
  net::loaded_tls_context loaded_;
};

}  // namespace spillway::app
