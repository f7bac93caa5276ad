#include "net/address_block.hpp"

#include <boost/asio/ip/network_v6.hpp>

#include "config/address_range.hpp"

namespace spillway::net {

boost::asio::ip::address block_of(const boost::asio::ip::address& client) {
  auto address = config::unmapped(client);
  if (address.is_v4()) return address;
  auto block = boost::asio::ip::network_v6(address.to_v6(), 64).network();
  block.scope_id(0);
  return block;
}

}  // namespace spillway::net
