// Whether the client of a connection that only the host writes to is still there.
#pragma once

#include <sys/socket.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <functional>
#include <memory>
#include <utility>

namespace spillway::sim {

/// Calls `then` once when the client has gone, or `socket`, which lives as long as `owner`, fails.
/// Never where the client says something: that is its next request, which is read later. Context:
/// the socket's strand.
template <class Socket>
void when_client_leaves(Socket& socket, std::shared_ptr<void> owner, std::function<void()> then) {
  socket.async_wait(Socket::wait_read, [&socket, owner = std::move(owner),
                                        then = std::move(then)](auto error) mutable {
    if (error) return then();
    char byte = 0;
    const auto n = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    // What was readable may have been read before this is told.
    const bool nothing = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    if (nothing) return when_client_leaves(socket, std::move(owner), std::move(then));
    if (n <= 0) then();
  });
}

}  // namespace spillway::sim
