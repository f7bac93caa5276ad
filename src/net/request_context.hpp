// One REST request on its way to a reply.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "net/http_message.hpp"
#include "net/server_context.hpp"

namespace spillway::net {

/// Called once, from any thread.
using responder = std::function<void(reply)>;

/// Context: one thread at a time, whichever holds it: the worker that runs the handler, then the
/// callbacks it waits for, one after the other. The first answer counts. A context that dies
/// unanswered answers 500, so that no client waits for ever.
class request_context {
 public:
  request_context(server_ptr all, http_request received, responder respond)
      : server(std::move(all)), request(std::move(received)), respond_(std::move(respond)) {}
  ~request_context();
  request_context(const request_context&) = delete;
  request_context& operator=(const request_context&) = delete;

  const dependencies& deps() const { return server->deps; }

  void answer(reply what);
  void answer(unsigned status, const nlohmann::ordered_json& body);
  void fail(const failure& what) { answer(error_reply(what)); }

  const server_ptr server;
  /// Its body goes with the answer.
  http_request request;
  /// Set by the router before the handler runs, where the route asks for them.
  protocol::principal who;
  std::optional<protocol::slug> app;
  std::optional<protocol::slug> mentioned_app;
  std::string id;
  /// Held by a request that starts a run, until it is registered.
  app_reservations::reservation reservation;

 private:
  responder respond_;
};

using context_ptr = std::shared_ptr<request_context>;

/// Runs `job` on the worker pool; answers 503 where that is full.
void on_worker(const context_ptr& context, std::function<void(const context_ptr&)> job);
/// The same for what hashes a password.
void on_password_worker(const context_ptr& context, std::function<void(const context_ptr&)> job);

/// The request's body as a JSON object; 400 where it is anything else.
result<nlohmann::json> json_body(const http_request& request);
/// The number in `context.id`; nothing where that is none: no such thing has it.
std::optional<std::int64_t> number_id(const request_context& context);
/// Fields of that object; 400 with the field's name where one is missing or of another type.
result<std::string> string_field(const nlohmann::json& body, const char* name);
result<std::optional<std::string>> optional_string_field(const nlohmann::json& body,
                                                         const char* name);
result<bool> bool_field(const nlohmann::json& body, const char* name, bool otherwise);

}  // namespace spillway::net
