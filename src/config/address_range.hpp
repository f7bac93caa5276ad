// A range of IP addresses, as `trusted_proxies` lists them.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::config {

/// An IPv4 or IPv6 network (RFC 4632, RFC 4291 section 2.3). Context: immutable, so any thread.
class address_range {
 public:
  /// `10.0.0.0/8`, `2001:db8::/32`, or one address. Nothing for anything else; bits below the
  /// prefix are taken as zero. An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is that IPv4
  /// address.
  static std::optional<address_range> parse(std::string_view text);

  /// An address that came in over IPv6 as `::ffff:a.b.c.d` counts as IPv4.
  bool contains(const boost::asio::ip::address& address) const;
  /// As it is written: with the prefix, unless it is one address.
  std::string text() const;

 private:
  address_range(boost::asio::ip::address first, unsigned prefix)
      : first_(std::move(first)), prefix_(prefix) {}

  boost::asio::ip::address first_;
  unsigned prefix_;
};

/// The IPv4 address where it is one that IPv6 carries (`::ffff:a.b.c.d`), else the same.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

}  // namespace spillway::config
