// Starting a run on behalf of a request.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "net/request_context.hpp"

namespace spillway::net {

/// 409: a deploy of this app is under way.
failure app_busy();

/// Holds the app for this request until it is answered; answers 409 where another request does.
bool reserve(const context_ptr& context, const protocol::slug& app);

/// Takes the app for this request (reserve) and runs `job` on the worker pool where no run of it is
/// under way, else answers 409: a run that is under way reads the compose file.
void when_idle(const context_ptr& context, const protocol::slug& app,
               std::function<void(const context_ptr&)> job);

/// The steps that bring an app in line with its compose file.
std::vector<actors::run_step> steps_up();

/// 202 for a run that was started.
reply accepted_reply(const std::string& deploy_id);

/// A run of `app` in the caller's name. Worker pool only.
actors::run_request make_run(const context_ptr& context, const protocol::slug& app,
                             std::string action, std::vector<actors::run_step> steps);

/// Starts the run; `accepted` makes the answer from its id once it is registered.
void start_run(const context_ptr& context, actors::run_request run,
               std::function<reply(const std::string& deploy_id)> accepted);

}  // namespace spillway::net
