#include "app/access_watch.hpp"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <atomic>

#include "store/database.hpp"
#include "store/login_store.hpp"
#include "store/token_store.hpp"
#include "store/user_store.hpp"
#include "support/temp_dir.hpp"

namespace spillway::app {
namespace {

using namespace std::chrono_literals;
using protocol::role;

/// The actors' side: always the same open streams, to be checked where the version is news.
class fake_streams : public actors::gateway {
 public:
  void access_to_check(std::uint64_t version, protocol::timestamp now,
                       access_handler handler) override {
    const std::lock_guard lock(mutex_);
    ++looks_;
    changed_.notify_all();
    if (silent) {
      owed_.push_back(std::move(handler));
      return;
    }
    const bool all = std::exchange(version_, version) != version || version == 0;
    std::vector<actors::held_access_ptr> due;
    for (const auto& held : held_) {
      if (all || (held->valid_until && *held->valid_until <= now)) due.push_back(held);
    }
    handler(std::move(due));
  }
  void end_access(std::vector<actors::held_access_ptr> gone) override {
    const std::lock_guard lock(mutex_);
    for (const auto& held : gone) ended_.insert(held->credential);
    changed_.notify_all();
  }

  /// Before the watch begins.
  void hold(const std::string& credential, const char* app = nullptr,
            std::optional<protocol::timestamp> valid_until = std::nullopt) {
    actors::held_access held{credential, valid_until, protocol::right::administer, {}};
    if (app != nullptr) {
      held.app = protocol::slug::parse(app);
      held.needed = protocol::right::read;
    }
    held_.push_back(std::make_shared<const actors::held_access>(std::move(held)));
  }

  /// Two looks later, whatever was the case before has been seen and acted on.
  void wait_for_looks(int more = 2) {
    std::unique_lock lock(mutex_);
    const int wanted = looks_ + more + 1;
    EXPECT_TRUE(changed_.wait_for(lock, 20s, [&] { return looks_ >= wanted; }));
  }
  bool wait_for_end(const std::string& credential) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return ended_.contains(credential); });
  }
  std::set<std::string> ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  /// Owes the watch every answer.
  std::atomic<bool> silent = false;

  // Of no use here.
  void open(actors::viewer_identity, protocol::stream_request,
            std::shared_ptr<actors::viewer_connection>) override {}
  void start_run(actors::run_request, run_handler) override {}
  void cancel_run(protocol::slug, std::optional<std::string>, std::function<void(bool)>) override {}
  void deploying(std::function<void(std::set<std::string>)>) override {}
  void streams(std::function<void(actors::streams_report)>) override {}
  void process_log_tail(std::size_t, std::function<void(std::vector<std::string>)>) override {}

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<actors::held_access_ptr> held_;
  std::vector<access_handler> owed_;
  std::uint64_t version_ = 0;
  int looks_ = 0;
  std::set<std::string> ended_;
};

class access_watch_test : public testing::Test {
 protected:
  access_watch_test() {
    add("root", role::super_admin);
    add("ada", role::viewer);
    EXPECT_TRUE(users.grant("ada", shop));
  }
  std::int64_t add(const std::string& name, role r) {
    return users.add(name, r, "a hash", now())->id;
  }
  std::string token(const std::string& user,
                    std::optional<protocol::timestamp> until = std::nullopt) {
    return "token:" + std::to_string(tokens.create(user, "ci", until, now())->id);
  }
  std::int64_t id_of(const std::string& credential) { return std::stoll(credential.substr(6)); }
  protocol::timestamp now() const { return protocol::timestamp(std::chrono::nanoseconds(time)); }
  void begin() {
    watch.emplace(
        *store::database::open(dir.path(), {.busy_timeout = 0ms}), streams,
        [this] { return now(); }, 1ms);
    streams.wait_for_looks();
  }

  const test::temp_dir dir;
  /// Stands for the command line of another process: the watch has a connection of its own.
  const std::shared_ptr<store::database> db = *store::database::open(dir.path());
  store::user_store users{db};
  store::token_store tokens{db};
  store::login_store logins{db};
  const protocol::slug shop = *protocol::slug::parse("shop");
  std::atomic<std::int64_t> time = 1'790'000'000'000'000'000;
  fake_streams streams;
  std::optional<access_watch> watch;
};

TEST_F(access_watch_test, ends_what_hangs_on_a_token_that_is_revoked) {
  const auto gone = token("ada");
  const auto stays = token("ada");
  for (const auto& each : {gone, stays}) streams.hold(each, "shop");
  begin();
  EXPECT_TRUE(streams.ended().empty());
  ASSERT_TRUE(tokens.revoke(id_of(gone)));
  EXPECT_TRUE(streams.wait_for_end(gone));
  streams.wait_for_looks();
  EXPECT_EQ(streams.ended(), std::set<std::string>{gone});
}

TEST_F(access_watch_test, ends_what_hangs_on_a_grant_that_is_revoked) {
  ASSERT_TRUE(users.grant("ada", *protocol::slug::parse("blog")));
  const auto of_shop = token("ada");
  const auto of_blog = token("ada");
  streams.hold(of_shop, "shop");
  streams.hold(of_blog, "blog");
  begin();
  ASSERT_TRUE(users.revoke("ada", shop));
  EXPECT_TRUE(streams.wait_for_end(of_shop));
  EXPECT_EQ(streams.ended(), std::set<std::string>{of_shop});
}

TEST_F(access_watch_test, ends_what_hangs_on_a_role_that_is_lowered) {
  add("boss", role::super_admin);
  ASSERT_TRUE(users.grant("boss", shop));
  const auto of_the_process_log = token("boss");
  const auto of_a_granted_app = token("boss");
  streams.hold(of_the_process_log);
  streams.hold(of_a_granted_app, "shop");
  begin();
  ASSERT_TRUE(users.set_role("boss", role::viewer));
  EXPECT_TRUE(streams.wait_for_end(of_the_process_log));
  streams.wait_for_looks();
  EXPECT_EQ(streams.ended(), std::set<std::string>{of_the_process_log});
}

TEST_F(access_watch_test, ends_what_hangs_on_a_user_who_is_removed) {
  const auto gone = token("ada");
  const auto stays = token("root");
  streams.hold(gone, "shop");
  streams.hold(stays, "shop");
  begin();
  ASSERT_TRUE(users.remove("ada"));
  EXPECT_TRUE(streams.wait_for_end(gone));
  EXPECT_EQ(streams.ended(), std::set<std::string>{gone});
}

TEST_F(access_watch_test, ends_what_hangs_on_a_login_at_logout_and_at_a_new_password) {
  const auto ada = (*users.find("ada"))->who.id;
  const auto first = *logins.create(ada, "a hash", 1h, now());
  const auto second = *logins.create(ada, "a hash", 1h, now());
  const auto by_token = token("ada");
  streams.hold(first.who.credential, "shop");
  streams.hold(second.who.credential, "shop");
  streams.hold(by_token, "shop");
  begin();
  ASSERT_TRUE(logins.remove(first.cookie));
  EXPECT_TRUE(streams.wait_for_end(first.who.credential));
  EXPECT_EQ(streams.ended().size(), 1u);
  ASSERT_TRUE(users.set_password("ada", "another hash"));
  EXPECT_TRUE(streams.wait_for_end(second.who.credential));
  streams.wait_for_looks();
  EXPECT_FALSE(streams.ended().contains(by_token));
}

TEST_F(access_watch_test, ends_what_is_past_its_end_though_nobody_changed_anything) {
  const auto until = now() + 1h;
  const auto ends = token("ada", until);
  streams.hold(ends, "shop", until);
  begin();
  EXPECT_TRUE(streams.ended().empty());
  time += std::chrono::nanoseconds(1h).count();
  EXPECT_TRUE(streams.wait_for_end(ends));
}

TEST_F(access_watch_test, lets_streams_go_on_while_the_database_fails_and_catches_up_then) {
  const auto until = now() + 1h;
  const auto ends = token("ada", until);
  const auto revoked = token("ada");
  streams.hold(ends, "shop", until);
  streams.hold(revoked, "shop");
  begin();
  const auto rename = [&](const char* sql) {
    ASSERT_TRUE(db->run([&](SQLite::Database& connection) -> store::result<void> {
      connection.exec(sql);
      return {};
    }));
  };
  rename("ALTER TABLE grants RENAME TO grants_away");
  ASSERT_TRUE(tokens.revoke(id_of(revoked)));
  rename("ALTER TABLE users RENAME TO users_away");
  rename("ALTER TABLE tokens RENAME TO tokens_away");
  // From here on not a single question about a token is answered.
  streams.wait_for_looks(10);
  time += std::chrono::nanoseconds(1h).count();
  EXPECT_TRUE(streams.wait_for_end(ends)) << "that needs no database";
  rename("ALTER TABLE tokens_away RENAME TO tokens");
  rename("ALTER TABLE users_away RENAME TO users");
  rename("ALTER TABLE grants_away RENAME TO grants");
  EXPECT_TRUE(streams.wait_for_end(revoked));
}

TEST_F(access_watch_test, does_not_wait_for_whoever_holds_the_database_locked) {
  const auto until = now() + 1h;
  const auto ends = token("ada", until);
  streams.hold(ends, "shop", until);
  begin();
  ASSERT_TRUE(db->transact([&](SQLite::Database&) -> store::result<void> {
    time += std::chrono::nanoseconds(1h).count();
    EXPECT_TRUE(streams.wait_for_end(ends));
    return {};
  }));
}

TEST_F(access_watch_test, ends_while_the_actors_owe_it_an_answer) {
  begin();
  streams.silent = true;
  streams.wait_for_looks(0);
  watch.reset();
}

}  // namespace
}  // namespace spillway::app
