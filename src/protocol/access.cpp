#include "protocol/access.hpp"

namespace spillway::protocol {

std::string_view to_string(role r) {
  switch (r) {
    case role::viewer:
      return "viewer";
    case role::manage:
      return "manage";
    case role::super_admin:
      return "super_admin";
  }
  return "viewer";
}

std::optional<role> parse_role(std::string_view text) {
  for (role r : {role::viewer, role::manage, role::super_admin}) {
    if (text == to_string(r)) return r;
  }
  return std::nullopt;
}

decision decide(const principal& who, right needed, const slug* app) {
  if (who.granted_role == role::super_admin) return decision::allowed;
  if (needed == right::administer) return decision::forbidden;
  // The grant comes before the role: whoever may not see an app must not learn that it exists.
  bool granted = app != nullptr && who.granted_apps.contains(app->text());
  if (!granted) return decision::hidden;
  if (needed == right::operate && who.granted_role != role::manage) return decision::forbidden;
  return decision::allowed;
}

}  // namespace spillway::protocol
