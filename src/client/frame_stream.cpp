#include "client/frame_stream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket.hpp>

#include "client/refusal.hpp"
#include "client/terminal_text.hpp"

namespace spillway::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;

/// A line is cut by the server long before.
constexpr std::size_t max_frame_bytes = 64 << 20;

using websocket_stream = websocket::stream<wire>;

class beast_frame_stream final : public frame_stream {
 public:
  beast_frame_stream(std::unique_ptr<websocket_stream> opened, std::chrono::milliseconds goodbye)
      : stream_(std::move(opened)), goodbye_(goodbye) {}

  asio::awaitable<tl::expected<std::string, stream_end>> read() override {
    buffer_.clear();
    error_code ec;
    co_await stream_->async_read(buffer_, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return tl::unexpected(end(ec));
    co_return beast::buffers_to_string(buffer_.cdata());
  }

  asio::awaitable<void> part() override {
    stream_->set_option(
        websocket::stream_base::timeout{websocket::stream_base::none(), goodbye_, false});
    for (error_code ec; !ec; buffer_.clear())
      co_await stream_->async_read(buffer_, asio::redirect_error(asio::use_awaitable, ec));
  }

 private:
  stream_end end(const error_code& ec) const {
    const auto& reason = stream_->reason();
    // After the close frames an end of the connection that is not in order takes nothing back: some
    // proxies end TLS without close_notify.
    if (ec == websocket::error::closed || reason.code != websocket::close_code::none) {
      return {reason.code,
              terminal_text({reason.reason.data(), reason.reason.size()}, colours::removed)};
    }
    if (ec == beast::error::timeout) return {1006, "no sign of life from the server"};
    if (ec == asio::error::eof || ec == asio::error::connection_reset)
      return {1006, "the connection broke"};
    return {1006, ec.message()};
  }

  std::unique_ptr<websocket_stream> stream_;
  const std::chrono::milliseconds goodbye_;
  beast::flat_buffer buffer_;
};

void set_options(websocket_stream& stream, const stream_request& wanted, const deadlines& wait) {
  stream.set_option(websocket::stream_base::timeout{wait.step, wait.silence, true});
  stream.set_option(
      websocket::stream_base::decorator([token = wanted.token](websocket::request_type& request) {
        request.set(http::field::authorization, "Bearer " + token);
      }));
  websocket::permessage_deflate compression;
  compression.client_enable = true;
  stream.set_option(compression);
  stream.read_message_max(max_frame_bytes);
}

failure no_handshake(const stream_request& wanted, const error_code& ec) {
  const auto at = wanted.server.authority();
  if (ec == http::error::bad_version)
    return {at + " does not speak HTTP: if it speaks TLS, write https:// in the URL"};
  if (ec.category() == make_error_code(websocket::error::closed).category())
    return {at + " does not answer as a WebSocket server (" + ec.message() + ")"};
  const auto why = ec == beast::error::timeout        ? "no answer in time"
                   : ec == http::error::end_of_stream ? "the connection was closed"
                                                      : ec.message();
  return {"no answer from " + at + " (" + why + "): is it a Spillway server?"};
}

}  // namespace

asio::awaitable<result<std::unique_ptr<frame_stream>>> open_frame_stream(
    wire connected, const stream_request& wanted, deadlines wait) {
  auto stream = std::make_unique<websocket_stream>(std::move(connected));
  // From here on the WebSocket layer keeps the time.
  beast::get_lowest_layer(*stream).tcp().expires_never();
  set_options(*stream, wanted, wait);
  websocket::response_type answer;
  error_code ec;
  co_await stream->async_handshake(answer, wanted.server.authority(), wanted.target,
                                   asio::redirect_error(asio::use_awaitable, ec));
  if (ec == websocket::error::upgrade_declined) {
    co_return tl::unexpected(
        refused({answer.result_int(), answer.body(), answer[http::field::retry_after],
                 answer[http::field::location]},
                wanted.app));
  }
  if (ec) co_return tl::unexpected(no_handshake(wanted, ec));
  std::unique_ptr<frame_stream> made =
      std::make_unique<beast_frame_stream>(std::move(stream), wait.goodbye);
  co_return std::move(made);
}

}  // namespace spillway::client
