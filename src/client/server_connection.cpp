#include "client/server_connection.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <nlohmann/json.hpp>

namespace spillway::client {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// An answer that fits a terminal; the server's own bound on bodies is smaller.
constexpr std::size_t max_reply_bytes = 64 << 20;
constexpr std::size_t max_frame_bytes = 64 << 20;

std::string unreachable(const std::string& host, const std::string& port, const error_code& ec) {
  return "no server answers at " + host + ":" + port + " (" + ec.message() +
         "): is `spillway serve` running there?";
}

tl::expected<tcp::socket, std::string> connect(asio::io_context& io, const std::string& host,
                                               const std::string& port) {
  error_code ec;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, port, ec);
  if (ec) return tl::unexpected(unreachable(host, port, ec));
  tcp::socket socket(io);
  asio::connect(socket, found, ec);
  if (ec) return tl::unexpected(unreachable(host, port, ec));
  return socket;
}

}  // namespace

tl::expected<server_connection, std::string> server_connection::make(std::string_view url,
                                                                     std::string token) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) {
    return tl::unexpected("\"" + std::string(url) + "\" is not a server: write http://HOST:PORT");
  }
  server_connection made;
  made.host_ = std::string(parsed->host_address());
  made.port_ = parsed->has_port() ? std::string(parsed->port()) : "80";
  made.token_ = std::move(token);
  return made;
}

tl::expected<server_connection::stream_end, std::string> server_connection::follow(
    const std::string& target, const std::function<void(std::string_view)>& on_frame) const {
  asio::io_context io;
  auto socket = connect(io, host_, port_);
  if (!socket) return tl::unexpected(socket.error());
  websocket::stream<tcp::socket> ws(std::move(*socket));
  ws.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
    request.set(http::field::authorization, "Bearer " + token_);
  }));
  ws.read_message_max(max_frame_bytes);
  websocket::response_type answer;
  error_code ec;
  ws.handshake(answer, host_ + ":" + port_, target, ec);
  if (ec == websocket::error::upgrade_declined) {
    return tl::unexpected(error_sentence(answer.result_int(), answer.body()));
  }
  if (ec) return tl::unexpected(unreachable(host_, port_, ec));
  for (beast::flat_buffer buffer;; buffer.clear()) {
    ws.read(buffer, ec);
    if (ec) break;
    const auto bytes = buffer.cdata();
    on_frame({static_cast<const char*>(bytes.data()), bytes.size()});
  }
  if (ec != websocket::error::closed) return stream_end{1006, ec.message()};
  return stream_end{ws.reason().code,
                    std::string(ws.reason().reason.data(), ws.reason().reason.size())};
}

tl::expected<server_connection::reply, std::string> server_connection::post(
    const std::string& target, const std::string& json) const {
  asio::io_context io;
  auto socket = connect(io, host_, port_);
  if (!socket) return tl::unexpected(socket.error());
  http::request<http::string_body> request(http::verb::post, target, 11, json);
  request.set(http::field::host, host_ + ":" + port_);
  request.set(http::field::authorization, "Bearer " + token_);
  request.set(http::field::content_type, "application/json");
  request.prepare_payload();
  error_code ec;
  http::write(*socket, request, ec);
  // A server that refuses a body early has answered before it was all sent: read on.
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_reply_bytes);
  error_code read_ec;
  http::read(*socket, buffer, parser, read_ec);
  if (read_ec) return tl::unexpected(unreachable(host_, port_, ec ? ec : read_ec));
  return reply{parser.get().result_int(), parser.get().body()};
}

std::string error_sentence(unsigned status, std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  std::string sentence = json.is_object() ? json.value("error", "") : "";
  if (status == 401) return "the token is missing or not valid: give --token or SPILLWAY_TOKEN";
  if (sentence.empty()) return "the server answered " + std::to_string(status);
  return sentence + " (" + std::to_string(status) + ")";
}

}  // namespace spillway::client
