// What reverse proxies say of the client behind them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/address_range.hpp"
#include "net/ports.hpp"

namespace spillway::net {

/// Every value of `X-Forwarded-For`, `-Proto` and `-Host`, each in order.
struct forwarded_fields {
  std::vector<std::string> client;
  std::vector<std::string> scheme;
  std::vector<std::string> host;
};

/// Where a request comes from, and where its client believes to have sent it.
struct request_source {
  boost::asio::ip::address client;
  bool secure = false;
  /// `host[:port]`
  std::string host;
};

/// Read from the right, for at most so many entries.
inline constexpr int max_forwarded_entries = 32;

/// Corrects what the connection itself tells (`seen`: the other end, whether it speaks TLS, and the
/// field Host) by these fields, where the other end is one of `trusted`; anyone else could write
/// into them what they like, and they are ignored.
///
/// The client is the first address from the right that is not trusted: each proxy appends whom it
/// heard from, so what lies left of that is hearsay. Where all are trusted it is the last one read.
/// An entry that is no address (`unknown`) ends the walk. Entries may have a port, and IPv6 ones
/// brackets; empty ones are passed over.
///
/// Of the scheme and the host the last element counts, the nearest proxy's; a scheme other than
/// http and https is ignored, a host that is none fits no origin. 400 where two fields of one name
/// differ: then the proxy has passed on what the client wrote beside its own.
result<request_source> behind_proxies(request_source seen, const forwarded_fields& fields,
                                      const std::vector<config::address_range>& trusted);

}  // namespace spillway::net
