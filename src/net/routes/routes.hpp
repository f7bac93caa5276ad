// The groups of REST routes, one file each. Handlers run on the worker pool, where `identity` and
// `app_catalog` may be called; what the gateway and the engine call back runs on I/O threads.
#pragma once

#include <span>

#include "net/router.hpp"

namespace spillway::net {

/// Health and the process log.
std::span<const route> system_routes();
/// Setup, login, logout, me and my password.
std::span<const route> auth_routes();
/// Looking at apps and their services.
std::span<const route> app_routes();
/// What starts or cancels a run.
std::span<const route> deploy_routes();
/// The compose files that an app has had, and going back to one.
std::span<const route> version_routes();
/// Recorded deploys and their logs.
std::span<const route> record_routes();
std::span<const route> apikey_routes();
/// Users and what they were granted.
std::span<const route> user_routes();
/// Who watched what.
std::span<const route> audit_routes();
/// The live tree of streams, and the metrics.
std::span<const route> stream_routes();
std::span<const route> dashboard_routes();

}  // namespace spillway::net
