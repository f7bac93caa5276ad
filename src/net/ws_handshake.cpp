#include "net/ws_handshake.hpp"

#include "net/ws_connection.hpp"

namespace spillway::net {

void accept_websocket(accepted_upgrade upgrade, accept_handler handler) {
  auto key = upgrade.key;
  auto extensions = upgrade.extensions;
  // Not make_shared: the wheel, which holds it weakly, would keep its memory.
  std::shared_ptr<ws_connection> connection(new ws_connection(std::move(upgrade)));
  connection->handshake(key, extensions, std::move(handler));
}

}  // namespace spillway::net
