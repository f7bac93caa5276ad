#include "actors/actor_errors.hpp"

#include <spdlog/spdlog.h>

#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <exception>
#include <utility>

namespace spillway::actors {

void log_exceptions(caf::scheduled_actor& self, std::string name) {
  self.set_exception_handler(
      [name = std::move(name)](caf::scheduled_actor*, std::exception_ptr& thrown) -> caf::error {
        try {
          std::rethrow_exception(thrown);
        } catch (const std::exception& e) {
          spdlog::error("[actors] {} failed: {}", name, e.what());
        } catch (...) {
          spdlog::error("[actors] {} failed", name);
        }
        return caf::sec::runtime_error;
      });
}

}  // namespace spillway::actors
