// The socket type of the room: plain TCP whose handlers run on the strand of its connection.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "actors/ports/viewer_connection.hpp"

namespace spillway::net {

using strand_type = actors::viewer_connection::strand_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, strand_type>;

}  // namespace spillway::net
