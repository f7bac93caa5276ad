// The end of a connection that was answered for the last time.
#pragma once

#include <memory>

#include "net/client_socket.hpp"
#include "net/deadline_wheel.hpp"

namespace spillway::net {

/// Ends our direction, then reads on for a while before it closes: data that arrives on a closed
/// socket would reset the connection and could take the reply with it. `ticket` is held until then.
/// Context: the socket's strand, with nothing under way on it.
void close_lingering(client_socket socket, std::shared_ptr<deadline_wheel> wheel,
                     std::shared_ptr<const void> ticket);

}  // namespace spillway::net
