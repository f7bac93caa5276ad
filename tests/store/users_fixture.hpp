// A database in a directory of its own, and users without the work of a real password hash.
#pragma once

#include <gtest/gtest.h>

#include "store/database.hpp"
#include "store/user_store.hpp"
#include "support/temp_dir.hpp"

namespace spillway::store {

class users_fixture : public testing::Test {
 protected:
  user add(const std::string& name, protocol::role role = protocol::role::viewer) {
    return *users.add(name, role, "hash of " + name, now);
  }
  static protocol::slug app(const char* name) { return *protocol::slug::parse(name); }

  const test::temp_dir dir;
  const std::shared_ptr<database> db = *database::open(dir.path());
  user_store users{db};
  const protocol::timestamp now{std::chrono::seconds{1'790'000'000}};
};

}  // namespace spillway::store
