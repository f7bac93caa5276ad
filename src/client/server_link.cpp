#include "client/server_link.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "client/name_lookup.hpp"

namespace spillway::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

/// An answer that fits a terminal; a server's own bounds are smaller.
constexpr std::size_t max_reply_bytes = 16 << 20;

failure unreachable(const server_address& server, const error_code& ec) {
  const auto why = ec == beast::error::timeout ? "no answer in time" : ec.message();
  return {"no server answers at " + server.authority() + " (" + why +
          "): is `spillway serve` running there?"};
}

failure broken_answer(const server_address& server, const error_code& ec) {
  if (ec == http::error::bad_version || ec == http::error::bad_line_ending) {
    return {
        server.authority() + " does not speak HTTP: if it speaks TLS, write https:// in the URL",
        retry::once_connected, std::nullopt, true};
  }
  const auto why = ec == beast::error::timeout        ? "no answer in time"
                   : ec == http::error::end_of_stream ? "the connection was closed"
                                                      : ec.message();
  return {"no answer from " + server.authority() + " (" + why + ")", retry::once_connected,
          std::nullopt, true};
}

}  // namespace

asio::awaitable<result<wire>> server_link::dial() const {
  auto found = co_await look_up(options_.server.host, options_.server.port, options_.wait.step);
  if (!found) co_return tl::unexpected(found.error());
  beast::tcp_stream connected(co_await asio::this_coro::executor);
  connected.expires_after(options_.wait.step);
  error_code ec;
  co_await connected.async_connect(*found, asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return tl::unexpected(unreachable(options_.server, ec));
  error_code ignored;
  connected.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (options_.tls) co_return co_await shake_hands(std::move(connected));
  co_return wire(std::move(connected));
}

asio::awaitable<result<wire>> server_link::shake_hands(beast::tcp_stream connected) const {
  wire made(std::move(connected), options_.tls);
  auto& tls = *made.tls();
  expect_server(tls.native_handle(), options_.server);
  made.tcp().expires_after(options_.wait.step);
  error_code ec;
  co_await tls.async_handshake(asio::ssl::stream_base::client,
                               asio::redirect_error(asio::use_awaitable, ec));
  if (ec) co_return tl::unexpected(handshake_failure(tls.native_handle(), options_.server, ec));
  co_return std::move(made);
}

asio::awaitable<result<http_reply>> server_link::send(std::string method, std::string target,
                                                      std::string json,
                                                      std::chrono::milliseconds deadline) const {
  auto connected = co_await dial();
  if (!connected) co_return tl::unexpected(connected.error());
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  request.version(11);
  request.set(http::field::host, options_.server.authority());
  request.set(http::field::authorization, "Bearer " + options_.token);
  request.set(http::field::connection, "close");
  if (!json.empty()) request.set(http::field::content_type, "application/json");
  request.body() = std::move(json);
  request.prepare_payload();
  connected->tcp().expires_after(deadline);
  error_code write_ec;
  co_await http::async_write(*connected, request,
                             asio::redirect_error(asio::use_awaitable, write_ec));
  // A server that refuses a body early has answered before it was all sent: read on.
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_reply_bytes);
  error_code read_ec;
  co_await http::async_read(*connected, buffer, parser,
                            asio::redirect_error(asio::use_awaitable, read_ec));
  if (read_ec)
    co_return tl::unexpected(broken_answer(options_.server, write_ec ? write_ec : read_ec));
  auto& answer = parser.get();
  http_reply made{answer.result_int(), std::move(answer.body()),
                  std::string(answer[http::field::retry_after]),
                  std::string(answer[http::field::location])};
  co_return made;
}

asio::awaitable<result<std::unique_ptr<frame_stream>>> server_link::open(std::string target,
                                                                         std::string app) const {
  auto connected = co_await dial();
  if (!connected) co_return tl::unexpected(connected.error());
  stream_request wanted{options_.server, options_.token, std::move(target), std::move(app)};
  auto opened = co_await open_frame_stream(std::move(*connected), wanted, options_.wait);
  co_return opened;
}

}  // namespace spillway::client
