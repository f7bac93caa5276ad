// One lifecycle request an app at a time, until its run is registered.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "protocol/names.hpp"

namespace spillway::net {

/// Context: any thread. Between the look at what runs and the start of a run, a deploy replaces the
/// app's compose file: two requests must not be in there together.
class app_reservations : public std::enable_shared_from_this<app_reservations> {
 public:
  using reservation = std::shared_ptr<const void>;

  /// Null where another request holds the app.
  reservation acquire(const protocol::slug& app) {
    {
      std::lock_guard lock(mutex_);
      if (!held_.insert(app.text()).second) return nullptr;
    }
    return {this, [self = shared_from_this(), name = app.text()](const void*) {
              std::lock_guard lock(self->mutex_);
              self->held_.erase(name);
            }};
  }

 private:
  std::mutex mutex_;
  std::set<std::string> held_;
};

}  // namespace spillway::net
