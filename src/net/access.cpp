#include "net/access.hpp"

namespace spillway::net {

result<protocol::principal> admit(const dependencies& deps, const credentials& presented,
                                  std::optional<protocol::right> needed,
                                  const protocol::slug* app) {
  auto who = deps.users.authenticate(presented);
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

failure role_too_low() {
  return {403, "your role does not allow this"};
}

}  // namespace spillway::net
