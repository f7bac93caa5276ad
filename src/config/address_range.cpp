#include "config/address_range.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>

namespace spillway::config {
namespace {

namespace ip = boost::asio::ip;

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
  unsigned prefix = 0;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, prefix);
  if (error != std::errc{} || end != last || prefix > most) return std::nullopt;
  return prefix;
}

/// The first address of the network of `prefix` bits in which this one lies.
ip::address network_of(const ip::address& address, unsigned prefix) {
  auto bits = static_cast<unsigned short>(prefix);
  if (address.is_v4()) return ip::network_v4(address.to_v4(), bits).network();
  return ip::network_v6(address.to_v6(), bits).network();
}

}  // namespace

ip::address unmapped(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

std::optional<address_range> address_range::parse(std::string_view text) {
  const auto slash = text.find('/');
  boost::system::error_code error;
  const auto written = ip::make_address(std::string(text.substr(0, slash)), error);
  // A scope (`fe80::1%eth0`) is of this host and no part of a range.
  if (error || (written.is_v6() && written.to_v6().scope_id() != 0)) return std::nullopt;
  const auto address = unmapped(written);
  const unsigned most = address.is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) return address_range(address, most);
  // The prefix of a mapped address would count other bits.
  if (address.is_v4() != written.is_v4()) return std::nullopt;
  const auto prefix = parse_prefix(text.substr(slash + 1), most);
  if (!prefix) return std::nullopt;
  return address_range(network_of(address, *prefix), *prefix);
}

bool address_range::contains(const ip::address& address) const {
  auto asked = unmapped(address);
  if (asked.is_v4() != first_.is_v4()) return false;
  if (asked.is_v6()) {
    auto without_scope = asked.to_v6();
    without_scope.scope_id(0);
    asked = without_scope;
  }
  return network_of(asked, prefix_) == first_;
}

std::string address_range::text() const {
  const bool single = prefix_ == (first_.is_v4() ? 32U : 128U);
  return single ? first_.to_string() : first_.to_string() + "/" + std::to_string(prefix_);
}

}  // namespace spillway::config
