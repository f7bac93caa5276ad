// What a server's refusal means, for whoever typed the command.
#pragma once

#include <string>
#include <string_view>

#include "client/failure.hpp"

namespace spillway::client {

/// An HTTP answer that is not what was asked for.
struct http_refusal {
  unsigned status = 0;
  std::string_view body;
  /// The fields Retry-After and Location; empty where absent.
  std::string_view retry_after = {};
  std::string_view location = {};
};

/// `app` is the app that was asked for; empty where it is about the server. Context: any thread.
failure refused(const http_refusal& answer, const std::string& app);

/// The same for the request that starts a deploy, whose 409 has two meanings.
failure deploy_refused(const http_refusal& answer, const std::string& app, bool forced);

}  // namespace spillway::client
