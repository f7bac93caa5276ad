// Which addresses count as one client.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace spillway::net {

/// An IPv4 address itself (also one that IPv6 carries); of an IPv6 address its /64, the least that
/// one customer has (RFC 6177), so that nobody is a new client by choosing another address of it.
boost::asio::ip::address block_of(const boost::asio::ip::address& client);

}  // namespace spillway::net
