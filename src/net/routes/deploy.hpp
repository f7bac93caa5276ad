// POST /api/apps/deploy
#pragma once

#include "net/request_context.hpp"

namespace spillway::net {

/// Creating an app is a super_admin's; `manage` may redeploy one that was granted, with `force`.
void deploy_app(const context_ptr& context);

}  // namespace spillway::net
