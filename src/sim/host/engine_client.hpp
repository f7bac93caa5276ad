// The compose stand-in's way to the Engine API.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sim/host/api_target.hpp"

namespace spillway::sim {

/// What begins every target of the stand-in's.
inline constexpr std::string_view compose_api = "/v1.41";

/// The engine cannot be reached.
class engine_unreachable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct client_answer {
  unsigned status = 0;
  nlohmann::json body;
  bool good() const { return status >= 200 && status < 400; }
  std::string message() const;
};

inline std::optional<std::string> problem_in(const client_answer& answer) {
  if (answer.good()) return std::nullopt;
  return answer.message();
}

/// One request a connection; waits for its answer. Throws engine_unreachable. Context: one thread.
class engine_client {
 public:
  /// `unix:///path`.
  explicit engine_client(std::string host_url);

  client_answer get(const std::string& target) const { return request("GET", target, ""); }
  client_answer post(const std::string& target, const std::string& body = "") const {
    return request("POST", target, body);
  }
  client_answer put(const std::string& target) const { return request("PUT", target, ""); }
  client_answer remove(const std::string& target) const { return request("DELETE", target, ""); }

 private:
  client_answer request(std::string_view method, const std::string& target,
                        const std::string& body) const;
  std::string path_;
};

/// Percent-encoded, for a query.
std::string url_encoded(std::string_view text);

}  // namespace spillway::sim
