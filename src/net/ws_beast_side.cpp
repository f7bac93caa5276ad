#include "net/ws_beast_side.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace spillway::net {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using upgrade_request = beast::http::request<beast::http::empty_body>;

/// The most that a client may send in one message.
constexpr std::size_t max_message_bytes = 16 << 10;
/// Any 16 bytes in base64.
constexpr const char* any_key = "AAAAAAAAAAAAAAAAAAAAAA==";

websocket::close_reason to_beast(const protocol::close_frame& frame) {
  auto text = frame.reason.text();
  return {static_cast<websocket::close_code>(frame.code), {text.data(), text.size()}};
}

/// The client's request was checked already; this one holds what the answer is made from, and no
/// offer of an extension, which is none of Beast's business.
upgrade_request request_for_beast(const std::string& key) {
  upgrade_request request{beast::http::verb::get, "/", 11};
  request.set(beast::http::field::host, "spillway");
  request.set(beast::http::field::connection, "Upgrade");
  request.set(beast::http::field::upgrade, "websocket");
  request.set(beast::http::field::sec_websocket_version, "13");
  request.set(beast::http::field::sec_websocket_key, key);
  return request;
}

}  // namespace

void ws_connection::make_beast_side(std::string early) {
  beast_ = std::make_unique<beast_side>(queue_, std::move(early));
  auto& ws = beast_->ws;
  ws.read_message_max(max_message_bytes);
  ws.set_option(websocket::stream_base::timeout{websocket::stream_base::none(),
                                                websocket::stream_base::none(), false});
  if (takes_deflated_) {
    // Ours goes before what Beast finds: the stream, and so its input, lives in this connection.
    ws.next_layer().inflate_input(max_message_bytes,
                                  [this](const protocol::close_frame& end) { close(end); });
  }
  ws.control_callback(
      [this](websocket::frame_type, beast::string_view) { last_heard_ = clock::now(); });
}

void ws_connection::handshake(const std::string& key, const std::string& extensions,
                              accept_handler handler) {
  make_beast_side(std::exchange(early_, {}));
  beast_->ws.set_option(
      websocket::stream_base::decorator([extensions](websocket::response_type& answer) {
        answer.set(beast::http::field::server, "spillway");
        if (extensions.empty()) return;
        answer.set(beast::http::field::sec_websocket_extensions, extensions);
      }));
  plan_deadline();
  keeper_.keep(shared_from_this());
  beast_->ws.async_accept(request_for_beast(key), [weak = weak_from_this(),
                                                   handler = std::move(handler)](error_code error) {
    auto self = weak.lock();
    if (!self) return;
    if (error || self->state_ != state::handshaking) {
      self->cut(false);
      return handler(nullptr);
    }
    self->state_ = state::idle;
    // Nothing was read yet: what came early is as it was.
    self->early_ = self->beast_->ws.next_layer().take_early();
    self->beast_.reset();
    // From here on it is the handler's, until it starts or closes it.
    self->keeper_.release(self.get());
    handler(self);
  });
}

/// Beast takes over with what was read already. It has to see a handshake, whose answer goes
/// nowhere: the client had its own long ago.
void ws_connection::wake_beast(std::string early) {
  make_beast_side(std::move(early));
  beast_->ws.next_layer().mute(true);
  beast_->ws.async_accept(request_for_beast(any_key), [weak = weak_from_this()](error_code error) {
    auto self = weak.lock();
    if (!self || self->state_ == state::gone) return;
    if (error) return self->cut(false);
    self->beast_->ws.next_layer().mute(false);
    self->beast_->awake = true;
    self->on_beast_awake();
  });
}

void ws_connection::on_beast_awake() {
  if (close_wanted_) return send_close();
  read();
}

void ws_connection::read() {
  beast_->ws.async_read_some(boost::asio::buffer(beast_->ignored),
                             [weak = weak_from_this()](error_code error, std::size_t) {
                               auto self = weak.lock();
                               if (!self) return;
                               // Closing handshakes and failures alike end here, the teardown done.
                               if (error) return self->finish_soon();
                               self->last_heard_ = clock::now();
                               self->read();
                             });
}

void ws_connection::send_close() {
  queue_->expect_answer();
  beast_->ws.async_close(to_beast(*close_wanted_), [weak = weak_from_this()](error_code) {
    if (auto self = weak.lock()) self->finish_soon();
  });
}

}  // namespace spillway::net
