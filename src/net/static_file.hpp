// A file of the dashboard, as the binary holds it.
#pragma once

#include <string_view>

namespace spillway::net {

/// Context: any thread; what it refers to lives as long as the process.
struct static_file {
  /// As it is asked for: `/`, `/assets/app-3f2a1b.js`.
  std::string_view path;
  std::string_view content_type;
  /// In quotes (RFC 9110, 8.8.3).
  std::string_view etag;
  std::string_view bytes;
  /// The same, by gzip.
  std::string_view gzip;
  /// Its name tells its content, so that it never changes.
  bool immutable = false;
};

}  // namespace spillway::net
