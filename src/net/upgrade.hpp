// Who gets a stream: the policy between a request on a stream's path and its handshake.
#pragma once

#include <functional>
#include <variant>

#include "net/http_message.hpp"
#include "net/request_meters.hpp"
#include "net/server_context.hpp"
#include "protocol/stream_request.hpp"

namespace spillway::net {

/// Admitted: the handshake follows, then the stream.
struct admitted_viewer {
  protocol::principal who;
  protocol::stream_request request;
  viewer_ticket ticket;
};

/// A page of another origin: the handshake follows, then 1008, so that the page sees the reason.
struct foreign_origin {};

/// No handshake.
struct refused_upgrade {
  reply answer;
  refusal why;
};

using upgrade_verdict = std::variant<refused_upgrade, foreign_origin, admitted_viewer>;

/// Nothing where the request is a well-formed WebSocket upgrade; else what to answer: 405, 426,
/// 400.
std::optional<reply> check_upgrade_form(const http_request& request);

/// Checks, in this order: origin, credentials, role and grant, the app, limits. The handler is
/// called once, at once or from a worker.
void judge_upgrade(const server_ptr& server, const http_request& request,
                   protocol::stream_request stream, std::function<void(upgrade_verdict)> handler);

}  // namespace spillway::net
