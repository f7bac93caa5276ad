#include "net/http_session.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "net/access.hpp"
#include "net/access_log.hpp"
#include "net/deflate_offer.hpp"
#include "net/http_convert.hpp"
#include "net/lingering_close.hpp"
#include "net/request_form.hpp"
#include "net/router.hpp"

namespace spillway::net {

namespace http = boost::beast::http;

namespace {

using boost::system::error_code;

/// How long a connection may wait for its next request.
constexpr std::chrono::seconds keep_alive_time{60};
/// How long a read that a deadline has cut has to end, before it is cut again.
constexpr std::chrono::seconds cut_again{2};

/// The slowest that a client may take a reply, on the whole.
constexpr std::size_t least_bytes_a_second = 16 << 10;

}  // namespace

http_session::http_session(server_ptr server, client_socket socket)
    : server_(std::move(server)),
      socket_(std::move(socket)),
      strand_(socket_.get_executor()),
      deadline_(server_->wheel),
      buffer_(server_->deps.settings.limits.max_header_bytes + (64 << 10)) {}

void http_session::start() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    error_code ignored;
    self->socket_.tcp().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    self->peer_ = config::unmapped(self->socket_.tcp().remote_endpoint(ignored).address());
    self->enter();
  });
}

/// A refusal over TLS would cost a handshake.
void http_session::enter() {
  auto entry = server_->connections->enter(peer_);
  place_ = std::move(entry.ticket);
  if (entry.how == admission::admitted) return wait_for_request();
  if (entry.how == admission::dropped || socket_.secure()) return close();
  keep_alive_ = false;
  respond(error_reply(429, "too many connections from this address, close some"));
}

void http_session::stop() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    self->stopping_ = true;
    if (self->state_ == state::waiting) self->close();
  });
}

void http_session::set_deadline(clock::duration from_now) {
  deadline_.set(weak_from_this(), clock::now() + from_now);
}

void http_session::on_deadline() {
  if (!deadline_.expired(weak_from_this())) return;
  if (state_ == state::reading) {
    // The read that is cancelled here answers 408. One that is just done is not cancelled: again.
    timed_out_ = true;
    set_deadline(cut_again);
    error_code ignored;
    socket_.tcp().cancel(ignored);
    return;
  }
  if (state_ != state::handling) close();
}

void http_session::wait_for_request() {
  if (stopping_) return close();
  state_ = state::waiting;
  const auto header_time = server_->deps.settings.limits.header_timeout;
  set_deadline(std::exchange(first_request_, false) ? clock::duration(header_time)
                                                    : clock::duration(keep_alive_time));
  if (buffer_.size() > 0) return read_header();
  // No parser and no buffer for a connection that only waits.
  socket_.async_wait_readable([self = shared_from_this()](error_code error) {
    if (error || self->state_ != state::waiting) return self->close();
    self->read_header();
  });
}

void http_session::read_header() {
  state_ = state::reading;
  timed_out_ = false;
  const auto& limits = server_->deps.settings.limits;
  set_deadline(limits.header_timeout);
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
  parser_->body_limit(limits.max_body_bytes);
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
}

void http_session::on_header(error_code error) {
  began_ = clock::now();
  if (error || timed_out_) return refuse(error);
  auto& message = parser_->get();
  request_ = from_beast(message);
  head_ = request_.method == "HEAD";
  if (auto checked = check_header(); !checked) {
    keep_alive_ = false;
    return respond(error_reply(checked.error()));
  }
  const auto limit = body_limit();
  if (parser_->content_length().value_or(0) > limit) return refuse(http::error::body_limit);
  parser_->body_limit(limit);
  bool has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
  if (!has_body || parser_->is_done()) return route_request();
  auto expected = message[http::field::expect];
  if (expected.empty() || message.version() < 11) return read_body();
  if (!boost::beast::iequals(expected, "100-continue")) {
    keep_alive_ = false;
    return respond(error_reply(417, "the only expectation that is met is 100-continue"));
  }
  send_continue();
}

/// What can be refused before the body is read.
result<void> http_session::check_header() {
  auto formed = check_form(parser_->get());
  if (!formed || body_size_of(request_) == body_size::small) return formed;
  return check_form_of_credentials(request_);
}

/// Before credentials are checked: so only the one route that needs it may send much.
std::size_t http_session::body_limit() {
  const auto most = server_->deps.settings.limits.max_body_bytes;
  if (body_size_of(request_) == body_size::small) return std::min(most, max_small_body_bytes);
  request_.body_share = std::make_shared<byte_share>(server_->large_bodies);
  return most;
}

void http_session::send_continue() {
  static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::asio::async_write(socket_, boost::asio::buffer(line),
                           [self = shared_from_this()](error_code error, std::size_t) {
                             if (error) return self->refuse(error);
                             self->read_body();
                           });
}

void http_session::read_body() {
  http::async_read_some(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_body(error); });
}

void http_session::on_body(error_code error) {
  if (error || timed_out_) return refuse(error);
  // Counted as it arrives: who only announces a large body takes no room from others.
  if (request_.body_share && !request_.body_share->grow_to(parser_->get().body().size())) {
    keep_alive_ = false;
    return respond(error_reply(503, "the server is busy with other deploys, try again"));
  }
  if (!parser_->is_done()) return read_body();
  request_.body = std::move(parser_->get().body());
  route_request();
}

/// A request that did not arrive whole: a broken connection is closed, everything else is answered.
void http_session::refuse(error_code error) {
  // Where bytes are always there, a deadline finds no read to cut: the next one to end is too late.
  if (timed_out_ && !error) error = boost::asio::error::operation_aborted;
  bool parsed = error.category() == make_error_code(http::error::bad_target).category();
  bool nothing_came = error == http::error::end_of_stream ||
                      (timed_out_ && !parser_->got_some() && buffer_.size() == 0);
  if ((!parsed && !timed_out_) || nothing_came || error == http::error::partial_message) {
    return close();
  }
  keep_alive_ = false;
  respond(parse_failure(error, timed_out_));
}

bool http_session::take_request() {
  state_ = state::handling;
  deadline_.clear();
  keep_alive_ = parser_->get().keep_alive() && !stopping_;
  auto complete = complete_request();
  if (complete) return true;
  keep_alive_ = false;
  respond(error_reply(complete.error()));
  return false;
}

/// Who sent it, and from where.
result<void> http_session::complete_request() {
  auto presented = read_credentials(request_);
  if (!presented) return tl::unexpected(presented.error());
  auto host = request_.host.empty() ? std::string() : request_.host.front();
  auto source = behind_proxies({peer_, socket_.secure(), std::move(host)}, request_.forwarded,
                               server_->deps.settings.trusted_proxies);
  if (!source) return tl::unexpected(source.error());
  request_.presented = std::move(*presented);
  request_.client = source->client;
  request_.secure = source->secure;
  request_.own_host = std::move(source->host);
  return {};
}

void http_session::route_request() {
  if (!take_request()) return;
  auto now =
      std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  if (auto stream = protocol::parse_stream_target(request_.target, now)) {
    if (auto refused = check_upgrade_form(request_)) {
      keep_alive_ = keep_alive_ && !request_.websocket.asked;
      return refuse_upgrade({std::move(*refused), refusal::bad_request});
    }
    return judge(std::move(*stream));
  }
  // A client that believes to have upgraded would go on with frames.
  keep_alive_ = keep_alive_ && !request_.websocket.asked;
  dispatch(server_, hand_over_request(), [self = shared_from_this()](reply made) {
    boost::asio::post(self->strand_,
                      [self, made = std::move(made)]() mutable { self->respond(std::move(made)); });
  });
}

/// What stays here is for the access log.
http_request http_session::hand_over_request() {
  http_request kept;
  kept.method = request_.method;
  kept.path = request_.path;
  return std::exchange(request_, std::move(kept));
}

void http_session::judge(protocol::stream_request stream) {
  keep_alive_ = false;
  if (!request_.body.empty()) {
    return refuse_upgrade(
        {error_reply(400, "a WebSocket upgrade must not have a body"), refusal::bad_request});
  }
  judge_upgrade(
      server_, request_, std::move(stream), [self = shared_from_this()](upgrade_verdict verdict) {
        auto shared = std::make_shared<upgrade_verdict>(std::move(verdict));
        boost::asio::post(self->strand_, [self, shared] { self->on_verdict(std::move(*shared)); });
      });
}

void http_session::on_verdict(upgrade_verdict verdict) {
  if (auto* refused = std::get_if<refused_upgrade>(&verdict)) {
    return refuse_upgrade(std::move(*refused));
  }
  if (auto* viewer = std::get_if<admitted_viewer>(&verdict)) {
    if (stopping_) {
      return refuse_upgrade({error_reply(503, "the server is shutting down"), refusal::busy});
    }
    return open_stream(std::move(*viewer));
  }
  server_->requests.refused(refusal::origin);
  // Not an open stream: it keeps its place among the connections.
  upgrade(place_, [](const std::shared_ptr<actors::viewer_connection>& connection) {
    if (connection) {
      connection->close(
          {protocol::close_code::policy_violation, protocol::close_reason("origin not allowed")});
    }
  });
}

void http_session::refuse_upgrade(refused_upgrade what) {
  server_->requests.refused(what.why);
  respond(std::move(what.answer));
}

void http_session::open_stream(admitted_viewer viewer) {
  auto ticket = std::move(viewer.ticket);
  upgrade(std::move(ticket),
          [server = server_, viewer = std::move(viewer), path = request_.path,
           client = request_.client](std::shared_ptr<actors::viewer_connection> connection) {
            if (!connection) return;
            log_opened(path, viewer.who.user);
            server->deps.gateway.open({viewer.who, client}, viewer.request, std::move(connection));
          });
}

/// Gives the socket away; what remains of the session goes with its last handler.
void http_session::upgrade(std::shared_ptr<const void> ticket, accept_handler handler) {
  state_ = state::upgraded;
  place_.reset();
  auto rest = buffer_.data();
  std::optional<std::string> extensions;
  if (server_->deps.settings.stream.compression) {
    extensions = negotiate_deflate(request_.websocket.extensions);
  }
  accepted_upgrade upgrade{
      std::move(socket_),     std::string(static_cast<const char*>(rest.data()), rest.size()),
      request_.websocket.key, extensions.value_or(""),
      server_->timing,        server_->wheel,
      std::move(ticket)};
  accept_websocket(std::move(upgrade), std::move(handler));
}

void http_session::respond(reply made) {
  server_->requests.answered(made.status);
  if (!request_.method.empty()) log_handled(request_.method, request_.path, clock::now() - began_);
  state_ = state::writing;
  keep_alive_ = keep_alive_ && !stopping_;
  body_share_ = std::move(made.body_share);
  // A client that takes a byte now and then would hold a large body as long as it likes.
  const auto seconds = std::chrono::seconds(std::max(made.body.size(), made.fixed_body.size()) /
                                            least_bytes_a_second);
  write_until_ = clock::now() + server_->timing.stall_timeout + seconds;
  response_.emplace(to_beast(std::move(made), 11, keep_alive_));
  if (head_) response_->body().clear();
  serializer_.emplace(*response_);
  write_some();
}

/// Piece by piece, so that a slow client has time as long as it takes something.
void http_session::write_some() {
  const clock::duration left = write_until_ - clock::now();
  set_deadline(std::min<clock::duration>(server_->timing.stall_timeout, left));
  http::async_write_some(socket_, *serializer_,
                         [self = shared_from_this()](error_code error, std::size_t) {
                           if (error || self->state_ != state::writing) return self->close();
                           if (!self->serializer_->is_done()) return self->write_some();
                           self->on_written();
                         });
}

void http_session::on_written() {
  serializer_.reset();
  response_.reset();
  body_share_.reset();
  request_ = {};
  head_ = false;
  if (!keep_alive_) return linger();
  parser_.reset();
  if (buffer_.size() == 0) buffer_.shrink_to_fit();
  wait_for_request();
}

/// Gives the socket away as well.
void http_session::linger() {
  state_ = state::closed;
  deadline_.clear();
  close_lingering(std::move(socket_), server_->wheel, std::move(place_));
}

void http_session::close() {
  // What was closed or upgraded may have given its socket away.
  if (state_ == state::upgraded || state_ == state::closed) return;
  state_ = state::closed;
  deadline_.clear();
  place_.reset();
  socket_.close();
}

}  // namespace spillway::net
