#include "net/request_context.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace spillway::net {

namespace {

/// Of objects and arrays in each other; no body that means something comes near.
constexpr int max_json_depth = 16;

}  // namespace

request_context::~request_context() {
  answer(error_reply(500, "the request could not be completed"));
}

void request_context::answer(reply what) {
  if (auto respond = std::exchange(respond_, nullptr)) {
    // Whoever reads the answer may send the next request at once.
    reservation.reset();
    std::string().swap(request.body);
    request.body_share.reset();
    respond(std::move(what));
  }
}

void request_context::answer(unsigned status, const nlohmann::ordered_json& body) {
  answer(json_reply(status, body));
}

void on_worker(const context_ptr& context, std::function<void(const context_ptr&)> job) {
  bool taken = context->server->workers.submit([context, job = std::move(job)] { job(context); });
  if (!taken) context->fail({503, "the server is busy, try again"});
}

void on_password_worker(const context_ptr& context, std::function<void(const context_ptr&)> job) {
  bool taken = context->server->passwords.submit([context, job = std::move(job)] { job(context); });
  if (!taken) context->fail({503, "too many others are logging in, try again"});
}

std::optional<std::int64_t> number_id(const request_context& context) {
  std::int64_t id = 0;
  const char* last = context.id.data() + context.id.size();
  auto [end, error] = std::from_chars(context.id.data(), last, id);
  if (error != std::errc() || end != last) return std::nullopt;
  return id;
}

result<nlohmann::json> json_body(const http_request& request) {
  // A byte a level is cheap to send, and each level is a value to build and to destroy.
  bool too_deep = false;
  auto keep = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json&) {
    using parse_event = nlohmann::json::parse_event_t;
    bool opens = event == parse_event::object_start || event == parse_event::array_start;
    if (opens && depth >= max_json_depth) too_deep = true;
    return !too_deep;
  };
  // The parser takes a zero byte, which JSON never has, for the end of the text.
  if (request.body.find('\0') != std::string::npos) {
    return tl::unexpected(failure{400, "the body is not JSON"});
  }
  auto body = nlohmann::json::parse(request.body, keep, false);
  if (too_deep) return tl::unexpected(failure{400, "the body is nested too deeply"});
  if (body.is_discarded()) return tl::unexpected(failure{400, "the body is not JSON"});
  if (!body.is_object()) return tl::unexpected(failure{400, "the body must be a JSON object"});
  return body;
}

result<std::string> string_field(const nlohmann::json& body, const char* name) {
  auto found = body.find(name);
  if (found == body.end() || !found->is_string()) {
    return tl::unexpected(failure{400, std::string(name) + " must be a string"});
  }
  return found->get<std::string>();
}

result<std::optional<std::string>> optional_string_field(const nlohmann::json& body,
                                                         const char* name) {
  auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::nullopt;
  return string_field(body, name);
}

result<bool> bool_field(const nlohmann::json& body, const char* name, bool otherwise) {
  auto found = body.find(name);
  if (found == body.end()) return otherwise;
  if (!found->is_boolean()) {
    return tl::unexpected(failure{400, std::string(name) + " must be true or false"});
  }
  return found->get<bool>();
}

}  // namespace spillway::net
