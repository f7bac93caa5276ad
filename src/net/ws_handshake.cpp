#include "net/ws_handshake.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "net/ws_connection.hpp"

namespace spillway::net {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

void accept_websocket(accepted_upgrade upgrade, accept_handler handler) {
  auto key = upgrade.key;
  auto extensions = upgrade.extensions;
  // Not make_shared: the wheel, which holds it weakly, would keep its memory.
  std::shared_ptr<ws_connection> connection(new ws_connection(std::move(upgrade)));
  connection->handshake(key, extensions, std::move(handler));
}

void ws_connection::handshake(const std::string& key, const std::string& extensions,
                              accept_handler handler) {
  // The request was checked already; this one holds what the answer is made from, and no offer of
  // an extension, which is none of Beast's business.
  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, "/", 11};
  request.set(beast::http::field::host, "spillway");
  request.set(beast::http::field::connection, "Upgrade");
  request.set(beast::http::field::upgrade, "websocket");
  request.set(beast::http::field::sec_websocket_version, "13");
  request.set(beast::http::field::sec_websocket_key, key);
  ws_.set_option(websocket::stream_base::decorator([extensions](websocket::response_type& answer) {
    answer.set(beast::http::field::server, "spillway");
    if (!extensions.empty()) answer.set(beast::http::field::sec_websocket_extensions, extensions);
  }));
  plan_deadline();
  keeper_.keep(shared_from_this());
  ws_.async_accept(request, [weak = weak_from_this(),
                             handler = std::move(handler)](boost::system::error_code error) {
    auto self = weak.lock();
    if (!self) return;
    if (error || self->state_ != state::handshaking) {
      self->cut(false);
      return handler(nullptr);
    }
    self->state_ = state::idle;
    // From here on it is the handler's, until it starts or closes it.
    self->keeper_.release(self.get());
    handler(self);
  });
}

}  // namespace spillway::net
