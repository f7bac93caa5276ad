#include "net/forwarded.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace spillway::net {
namespace {

namespace ip = boost::asio::ip;

std::string_view without_blanks(std::string_view text) {
  auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

/// The address of an entry without brackets and port; empty where it cannot have one.
std::string_view address_part(std::string_view entry) {
  std::string_view after;
  auto address = entry;
  if (entry.starts_with('[')) {
    auto close = entry.find(']');
    if (close == std::string_view::npos) return {};
    address = entry.substr(1, close - 1);
    after = entry.substr(close + 1);
    if (address.find(':') == std::string_view::npos) return {};
  } else if (std::ranges::count(entry, ':') == 1) {
    address = entry.substr(0, entry.find(':'));
    after = entry.substr(address.size());
  }
  return after.empty() || (after.starts_with(':') && is_port(after.substr(1))) ? address
                                                                               : std::string_view();
}

std::optional<ip::address> parse_entry(std::string_view entry) {
  constexpr std::size_t longest = 45;  // of IPv6 with an IPv4 tail
  // Nothing with a scope (`%eth0`): that would be looked up among this host's interfaces.
  constexpr std::string_view alphabet = "0123456789abcdefABCDEF.:";
  auto text = address_part(entry);
  if (text.size() > longest || text.find_first_not_of(alphabet) != std::string_view::npos)
    return std::nullopt;
  boost::system::error_code error;
  auto address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return config::unmapped(address);
}

/// Takes the last element off the lists in these fields, which count as one; nothing at their
/// beginning.
class reader_from_right {
 public:
  explicit reader_from_right(const std::vector<std::string>& fields) : fields_(fields) {
    next_field();
  }

  std::optional<std::string_view> next() {
    if (at_end_) return std::nullopt;
    auto comma = rest_.rfind(',');
    auto element = without_blanks(rest_.substr(comma == std::string_view::npos ? 0 : comma + 1));
    if (comma == std::string_view::npos) {
      next_field();
    } else {
      rest_ = rest_.substr(0, comma);
    }
    return element;
  }

 private:
  void next_field() {
    at_end_ = read_ == fields_.size();
    if (!at_end_) rest_ = fields_[fields_.size() - ++read_];
  }

  const std::vector<std::string>& fields_;
  std::size_t read_ = 0;
  /// Of the field that is read; anything once there is no more.
  std::string_view rest_;
  bool at_end_ = false;
};

bool any_contains(const std::vector<config::address_range>& ranges, const ip::address& address) {
  return std::ranges::any_of(ranges, [&](const auto& range) { return range.contains(address); });
}

ip::address first_untrusted(ip::address peer, const std::vector<std::string>& fields,
                            const std::vector<config::address_range>& trusted) {
  auto last_good = std::move(peer);
  reader_from_right entries(fields);
  for (int i = 0; i < max_forwarded_entries; ++i) {
    auto entry = entries.next();
    if (!entry) break;
    if (entry->empty()) continue;
    auto address = parse_entry(*entry);
    if (!address) break;
    last_good = *address;
    if (!any_contains(trusted, last_good)) break;
  }
  return last_good;
}

/// Empty where there is none.
std::string last_element(const std::vector<std::string>& fields) {
  auto last = reader_from_right(fields).next();
  return std::string(last.value_or(std::string_view()));
}

bool all_equal(const std::vector<std::string>& values) {
  return std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end();
}

std::string in_lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

result<request_source> behind_proxies(request_source seen, const forwarded_fields& fields,
                                      const std::vector<config::address_range>& trusted) {
  if (!any_contains(trusted, seen.client)) return seen;
  if (!all_equal(fields.scheme))
    return tl::unexpected(failure{400, "two X-Forwarded-Proto fields differ"});
  if (!all_equal(fields.host))
    return tl::unexpected(failure{400, "two X-Forwarded-Host fields differ"});
  seen.client = first_untrusted(seen.client, fields.client, trusted);
  const auto scheme = in_lower_case(last_element(fields.scheme));
  if (scheme == "http" || scheme == "https") seen.secure = scheme == "https";
  if (auto host = last_element(fields.host); !host.empty()) seen.host = std::move(host);
  return seen;
}

}  // namespace spillway::net
