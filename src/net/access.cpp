#include "net/access.hpp"

#include "net/origin.hpp"

namespace spillway::net {
namespace {

failure no_good_credentials() {
  return {401, "credentials missing or not valid"};
}

result<protocol::principal> authenticate(identity& users, const credentials& presented) {
  if (cannot_be_good(presented)) return tl::unexpected(no_good_credentials());
  auto who = users.authenticate(presented);
  if (!who || presented.bearer_token.empty() || presented.session_cookie.empty()) return who;
  // Both are there: the token counts, unless the cookie is good too and someone else's.
  auto by_cookie = users.authenticate({presented.session_cookie, ""});
  if (by_cookie && by_cookie->user != who->user) {
    return tl::unexpected(failure{400, "the token and the session cookie are of two users"});
  }
  return who;
}

}  // namespace

result<protocol::principal> admit(const dependencies& deps, const credentials& presented,
                                  std::optional<protocol::right> needed,
                                  const protocol::slug* app) {
  auto who = authenticate(deps.users, presented);
  if (!who) return who;
  if (app != nullptr) {
    // Whether it may be seen comes first, whatever else is needed: a refusal must not tell.
    if (decide(*who, protocol::right::read, app) != protocol::decision::allowed) {
      return tl::unexpected(not_found());
    }
    auto exists = deps.catalog.exists(*app);
    if (!exists) return tl::unexpected(exists.error());
    if (!*exists) return tl::unexpected(not_found());
  }
  if (!needed) return who;
  switch (decide(*who, *needed, app)) {
    case protocol::decision::allowed:
      return who;
    case protocol::decision::hidden:
      return tl::unexpected(not_found());
    case protocol::decision::forbidden:
      break;
  }
  return tl::unexpected(role_too_low());
}

bool is_of_foreign_page(const http_request& request, const config::settings& settings) {
  if (request.origin.empty()) return false;
  return !origin_allowed(request.origin.front(), request.own_host, request.secure,
                         settings.allowed_origins);
}

result<void> check_form_of_credentials(const http_request& request) {
  auto presented = read_credentials(request);
  if (!presented) return tl::unexpected(presented.error());
  bool none = presented->bearer_token.empty() && presented->session_cookie.empty();
  if (none || cannot_be_good(*presented)) return tl::unexpected(no_good_credentials());
  return {};
}

failure role_too_low() {
  return {403, "your role does not allow this"};
}

}  // namespace spillway::net
