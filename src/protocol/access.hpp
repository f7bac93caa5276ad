// Who someone is and what they may do: values and one pure decision.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::protocol {

enum class role : std::uint8_t { viewer, manage, super_admin };

std::string_view to_string(role r);
std::optional<role> parse_role(std::string_view text);

/// Someone whose credentials were checked, with what they were granted at that moment.
struct principal {
  std::string user;
  role granted_role = role::viewer;
  /// Names the token or login that proved it, so that its end can end what it opened.
  std::string credential;
  std::set<std::string> granted_apps;
  /// When the token or login ends by itself.
  std::optional<timestamp> valid_until{};
  /// Counts the changes that may have ended someone's access, as it stood before the credentials
  /// were checked: what was opened at another count is to be checked again.
  std::uint64_t access_version = 0;
};

/// What a route needs. `read` and `operate` are of one app; `administer` is of the server.
enum class right : std::uint8_t { read, operate, administer };

enum class decision : std::uint8_t {
  allowed,
  /// Answered with 404, as if the app did not exist.
  hidden,
  /// Answered with 403.
  forbidden
};

/// May `who` do what needs `needed`, on `app` where the right is of an app?
decision decide(const principal& who, right needed, const slug* app = nullptr);

}  // namespace spillway::protocol
