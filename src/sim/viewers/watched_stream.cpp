#include "sim/viewers/watched_stream.hpp"

namespace spillway::sim {

std::string describe(const watched_stream& stream) {
  std::string text(name_of(stream.kind));
  if (stream.kind == stream_kind::process_logs) return text;
  text += " of " + stream.app;
  if (stream.kind == stream_kind::logs) text += "/" + stream.service;
  return text;
}

std::string path_of(const watched_stream& stream) {
  switch (stream.kind) {
    case stream_kind::logs:
      return with_parameter("/api/apps/" + stream.app + "/logs", "service", stream.service);
    case stream_kind::deploy_logs:
      return "/api/apps/" + stream.app + "/deploy-logs";
    case stream_kind::process_logs:
      break;
  }
  return "/api/system/process-logs/stream";
}

std::string with_parameter(std::string path, std::string_view name, std::string_view value) {
  path += path.find('?') == path.npos ? '?' : '&';
  path.append(name).append("=");
  for (const char c : value) {
    if (c == '+') {
      path += "%2B";
    } else {
      path += c;
    }
  }
  return path;
}

}  // namespace spillway::sim
