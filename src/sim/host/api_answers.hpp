// What the Engine API answers.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/messages.hpp"

namespace spillway::sim {

/// A log that is to be sent.
struct wanted_log {
  found_container from;
  log_request asked;
  std::uint64_t reader;
};

struct api_answer {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
  /// Without the fields that say what Engine this is: for paths that it does not have.
  bool anonymous = false;
  /// Says whether it is experimental, as most answers do.
  bool experimental = true;
  /// These instead of a body.
  std::optional<wanted_log> log;
  bool events = false;
};

// Not put together in coroutines: there, GCC 12 destroys what stands in braces twice.

api_answer json_answer(unsigned status, const nlohmann::ordered_json& body);
api_answer empty_answer(unsigned status);
api_answer page_not_found();
api_answer info_answer(const std::vector<found_container>& all);
api_answer created_answer(const std::string& id);
api_answer exit_answer(int code);
api_answer no_such_container(const std::string& reference);
api_answer no_log_of_what_is_removed();
/// Of one image among all.
api_answer image_answer(const nlohmann::ordered_json& all, const std::string& name);
api_answer network_made();
api_answer deploy_answer(std::uint32_t number);
/// Refused before the Engine has said whether it is an experimental one.
api_answer refused_version(const api_error& why);
api_answer cannot_kill(const std::string& reference, api_error why);
api_answer invalid_body();
api_answer invalid_signal(const std::string& signal);
api_answer version_answer();
api_answer refusal(const api_error& error);

}  // namespace spillway::sim
