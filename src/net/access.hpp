// The one place where a request becomes a principal and a decision.
#pragma once

#include <optional>

#include "net/dependencies.hpp"
#include "net/http_message.hpp"

namespace spillway::net {

/// Who sent it, if they may do what needs `needed` (nothing: any user) on `app` (null: on none).
/// 401 without good credentials, 400 with those of two users; 404 where the app is hidden from them
/// or does not exist, the same for both; 403 where their role is too low. Blocking: worker pool
/// only.
result<protocol::principal> admit(const dependencies& deps, const credentials& presented,
                                  std::optional<protocol::right> needed, const protocol::slug* app);

/// Whether a page of another origin sent it (see origin.hpp); what is no browser says no origin. A
/// browser adds the cookie also for pages of the same site, which every other port of the host is,
/// so the cookie's SameSite alone keeps none of them out.
bool is_of_foreign_page(const http_request& request, const config::settings& settings);

/// 401 where nobody can have sent it, by the form of its credentials or for want of any; 400 where
/// they contradict each other. Asks no store, so that it can come before a body is read.
result<void> check_form_of_credentials(const http_request& request);

/// 403
failure role_too_low();

}  // namespace spillway::net
