// The apps that were deployed here, and their compose projects.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "protocol/names.hpp"
#include "protocol/timestamp.hpp"
#include "store/error.hpp"

namespace spillway::store {

class database;

struct app {
  std::string slug;
  std::string project;
  protocol::timestamp deployed_at;
};

/// Context: any thread; blocks as `database` does.
class app_store {
 public:
  explicit app_store(std::shared_ptr<database> db) : db_(std::move(db)) {}

  /// Records an app or updates it; errc::exists where another app has the project.
  result<void> put(const protocol::slug& app, const std::string& project, protocol::timestamp now);
  /// Sorted by slug.
  result<std::vector<app>> list();
  result<bool> exists(const protocol::slug& app);
  /// Takes back a put: the row alone. Fine where there is none.
  result<void> forget(const protocol::slug& app);
  /// Forgets an app and every grant of it, so that a later app of its name is granted to nobody.
  /// Fine where there is none.
  result<void> remove(const protocol::slug& app);

 private:
  std::shared_ptr<database> db_;
};

}  // namespace spillway::store
