#include "net/upgrade.hpp"

#include "net/access.hpp"
#include "net/base64.hpp"

namespace spillway::net {
namespace {

reply bad_upgrade(std::string_view sentence) {
  auto made = error_reply(400, sentence);
  made.headers.emplace_back("Sec-WebSocket-Version", "13");
  return made;
}

refused_upgrade past_limit(limit_reached limit) {
  if (limit == limit_reached::server) {
    return {error_reply(503, "too many streams are open, try later"), refusal::limit_server};
  }
  return {error_reply(429, "you have too many open streams"), refusal::limit_user};
}

refused_upgrade not_admitted(const failure& what) {
  refusal why = refusal::busy;
  if (what.status == 401) why = refusal::credentials;
  if (what.status == 403) why = refusal::access;
  if (what.status == 404) why = refusal::not_found;
  return {error_reply(what), why};
}

upgrade_verdict admit_viewer(server_context& server, const credentials& presented,
                             protocol::stream_request stream) {
  const auto* app = stream.app ? &*stream.app : nullptr;
  auto who = admit(server.deps, presented, protocol::right_for(stream), app);
  if (!who) return not_admitted(who.error());
  auto ticket = server.viewers->acquire(who->user);
  if (!ticket) return past_limit(ticket.error());
  return admitted_viewer{std::move(*who), std::move(stream), std::move(*ticket)};
}

}  // namespace

std::optional<reply> check_upgrade_form(const http_request& request) {
  if (request.method != "GET") return method_not_allowed("GET");
  if (!request.websocket.asked) {
    auto made = error_reply(426, "this is a WebSocket endpoint");
    made.headers.emplace_back("Upgrade", "websocket");
    made.headers.emplace_back("Connection", "upgrade");
    return made;
  }
  if (!request.websocket.http_1_1) return bad_upgrade("a WebSocket upgrade needs HTTP/1.1");
  if (!request.websocket.connection) return bad_upgrade("the field Connection must name Upgrade");
  if (request.websocket.version != "13") return bad_upgrade("Sec-WebSocket-Version must be 13");
  auto key = decode_base64(request.websocket.key);
  if (!key || key->size() != 16) {
    return bad_upgrade("Sec-WebSocket-Key must be 16 bytes in base64");
  }
  return std::nullopt;
}

void judge_upgrade(const server_ptr& server, const http_request& request,
                   protocol::stream_request stream, std::function<void(upgrade_verdict)> handler) {
  if (is_of_foreign_page(request, server->deps.settings)) return handler(foreign_origin{});
  bool taken =
      server->workers.submit([server, presented = request.presented, stream = std::move(stream),
                              handler] { handler(admit_viewer(*server, presented, stream)); });
  if (taken) return;
  handler(refused_upgrade{error_reply(503, "the server is busy, try again"), refusal::busy});
}

}  // namespace spillway::net
