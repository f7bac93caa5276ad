#include "store/audit_log.hpp"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <future>

#include "store/database.hpp"
#include "support/temp_dir.hpp"

namespace spillway::store {
namespace {

using namespace std::chrono_literals;

class audit_log_test : public testing::Test {
 protected:
  ~audit_log_test() override { workers.join(); }

  actors::opened_stream stream(const std::string& user, const std::string& app = "shop") const {
    return {user, "token:1", "192.0.2.7", "logs", app, "web", now};
  }
  actors::closed_stream end(std::uint64_t id) const {
    return {id, std::uint16_t{1008}, "access ended", 3, 45, now + 2s};
  }
  std::vector<actors::audit_entry> entries(const actors::audit_query& query = {}) {
    return *log.list(query);
  }
  std::vector<std::string> users(const actors::audit_query& query) {
    std::vector<std::string> names;
    for (const auto& entry : entries(query)) names.push_back(entry.opened.user);
    return names;
  }
  void exec(const char* sql) {
    ASSERT_TRUE(db->run([&](SQLite::Database& connection) -> result<void> {
      connection.exec(sql);
      return {};
    }));
  }

  const test::temp_dir dir;
  const std::shared_ptr<database> db =
      *database::open(dir.path(), {.busy_timeout = std::chrono::milliseconds(0)});
  const protocol::timestamp now{std::chrono::seconds{1'790'000'000}};
  boost::asio::thread_pool workers{2};
  audit_log log{db, workers.get_executor(), {.keep = 5, .max_queued_bytes = 64 << 10}};
};

TEST_F(audit_log_test, keeps_a_stream_from_its_beginning_to_its_end) {
  ASSERT_TRUE(log.begin());
  const auto id = log.opened(stream("ada"));
  auto open = entries();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].id, id);
  EXPECT_EQ(open[0].opened.user, "ada");
  EXPECT_EQ(open[0].opened.credential, "token:1");
  EXPECT_EQ(open[0].opened.address, "192.0.2.7");
  EXPECT_EQ(open[0].opened.stream, "logs");
  EXPECT_EQ(open[0].opened.app, "shop");
  EXPECT_EQ(open[0].opened.detail, "web");
  EXPECT_EQ(open[0].opened.opened_at, now);
  EXPECT_FALSE(open[0].closed_at);
  EXPECT_EQ(open[0].reason, "");
  log.closed(end(id));
  auto closed = entries();
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].closed_at, now + 2s);
  EXPECT_EQ(closed[0].close_code, 1008);
  EXPECT_EQ(closed[0].reason, "access ended");
  EXPECT_EQ(closed[0].lines, 3u);
  EXPECT_EQ(closed[0].bytes, 45u);
}

TEST_F(audit_log_test, writes_by_itself) {
  ASSERT_TRUE(log.begin());
  log.closed(end(log.opened(stream("ada"))));
  workers.join();
  EXPECT_EQ(audit_store(db).list({})->at(0).lines, 3u);
}

TEST_F(audit_log_test, lists_the_newest_first_by_page_user_and_app) {
  ASSERT_TRUE(log.begin());
  log.opened(stream("ada"));
  log.opened(stream("bob", "blog"));
  const auto third = log.opened(stream("ada", "blog"));
  EXPECT_EQ(users({}), (std::vector<std::string>{"ada", "bob", "ada"}));
  EXPECT_EQ(users({.limit = 1}), std::vector<std::string>{"ada"});
  EXPECT_EQ(users({.before = third}), (std::vector<std::string>{"bob", "ada"}));
  EXPECT_EQ(users({.user = "ADA"}).size(), 2u);
  EXPECT_EQ(users({.app = "blog"}), (std::vector<std::string>{"ada", "bob"}));
  EXPECT_TRUE(users({.user = "ada' OR 1=1 --"}).empty());
}

TEST_F(audit_log_test, keeps_the_newest_entries) {
  ASSERT_TRUE(log.begin());
  for (int i = 0; i < 12; ++i) log.closed(end(log.opened(stream("user" + std::to_string(i)))));
  EXPECT_EQ(users({}), (std::vector<std::string>{"user11", "user10", "user9", "user8", "user7"}));
}

TEST_F(audit_log_test, says_of_streams_that_a_dead_server_left_open_that_it_died) {
  ASSERT_TRUE(log.begin());
  const auto id = log.opened(stream("ada"));
  log.closed(end(log.opened(stream("bob"))));
  ASSERT_TRUE(log.flush());
  audit_log next(db, workers.get_executor(), {});
  ASSERT_TRUE(next.begin());
  const auto found = *next.list({});
  EXPECT_EQ(found[0].reason, "access ended");
  EXPECT_EQ(found[1].reason, "the server died");
  EXPECT_FALSE(found[1].closed_at);
  EXPECT_GT(next.opened(stream("carl")), id + 1) << "an id must not be given twice";
}

TEST_F(audit_log_test, what_could_not_be_written_is_written_later) {
  ASSERT_TRUE(log.begin());
  const auto other = *database::open(dir.path());
  std::uint64_t id = 0;
  ASSERT_TRUE(other->transact([&](SQLite::Database&) -> result<void> {
    // The other process holds the lock.
    id = log.opened(stream("ada"));
    log.closed(end(id));
    EXPECT_FALSE(log.flush());
    return {};
  }));
  const auto found = entries();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, id);
  EXPECT_EQ(found[0].lines, 3u);
}

TEST_F(audit_log_test, what_waits_for_a_failing_disk_is_bounded_and_the_oldest_goes) {
  constexpr std::size_t all = 1'000;
  audit_log roomy(db, workers.get_executor(), {.keep = all, .max_queued_bytes = 64 << 10});
  ASSERT_TRUE(roomy.begin());
  exec("ALTER TABLE audit RENAME TO gone");
  for (std::size_t i = 0; i < all; ++i) roomy.opened(stream("user" + std::to_string(i)));
  EXPECT_FALSE(roomy.flush());
  exec("ALTER TABLE gone RENAME TO audit");
  ASSERT_TRUE(roomy.flush());
  const auto kept = *roomy.list({.limit = all});
  ASSERT_FALSE(kept.empty());
  EXPECT_LT(kept.size(), all / 2);
  EXPECT_GT(kept.size(), 50u);
  for (std::size_t i = 0; i < kept.size(); ++i)
    EXPECT_EQ(kept[i].opened.user, "user" + std::to_string(all - 1 - i));
}

TEST_F(audit_log_test, streams_that_are_open_are_not_pushed_out_by_later_ones) {
  ASSERT_TRUE(log.begin());
  const auto watching = log.opened(stream("watching"));
  for (int i = 0; i < 20; ++i) log.closed(end(log.opened(stream("short"))));
  auto found = entries({.user = "watching"});
  ASSERT_EQ(found.size(), 1u);
  log.closed(end(watching));
  log.closed(end(log.opened(stream("short"))));
  EXPECT_TRUE(entries({.user = "watching"}).empty()) << "now it is one of the oldest";
  EXPECT_EQ(entries({.limit = 100}).size(), 5u);
}

TEST_F(audit_log_test, leaves_the_other_workers_to_others_while_the_database_is_locked) {
  const auto patient = *database::open(dir.path(), {.busy_timeout = 30s});
  audit_log waiting(patient, workers.get_executor(), {});
  ASSERT_TRUE(waiting.begin());
  const auto other = *database::open(dir.path());
  ASSERT_TRUE(other->transact([&](SQLite::Database&) -> result<void> {
    for (int i = 0; i < 20; ++i) {
      waiting.opened(stream("ada"));
      std::promise<void> ran;
      auto done = ran.get_future();
      boost::asio::post(workers, [&] { ran.set_value(); });
      EXPECT_EQ(done.wait_for(15s), std::future_status::ready);
      if (testing::Test::HasFailure()) break;
    }
    return {};
  }));
  workers.join();
  EXPECT_EQ(waiting.list({})->size(), 20u);
}

TEST_F(audit_log_test, can_be_read_where_it_cannot_be_written) {
  ASSERT_TRUE(log.begin());
  log.opened(stream("ada"));
  ASSERT_TRUE(log.flush());
  const auto other = *database::open(dir.path());
  ASSERT_TRUE(other->transact([&](SQLite::Database&) -> result<void> {
    log.opened(stream("bob"));
    EXPECT_EQ(users({}), std::vector<std::string>{"ada"});
    return {};
  }));
  EXPECT_EQ(users({}), (std::vector<std::string>{"bob", "ada"}));
}

}  // namespace
}  // namespace spillway::store
