#include "store/database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>
#include <thread>
#include <vector>

#include "store/schema.hpp"
#include "support/temp_dir.hpp"

namespace spillway::store {
namespace {

using test::temp_dir;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

std::string pragma(database& db, const std::string& name) {
  const auto value = db.run([&](SQLite::Database& connection) -> result<std::string> {
    return connection.execAndGet("PRAGMA " + name).getString();
  });
  return value ? *value : value.error().message;
}

result<void> add_app(database& db, const std::string& slug) {
  return db.transact([&](SQLite::Database& connection) -> result<void> {
    SQLite::Statement insert(connection, "INSERT INTO apps VALUES(?1, ?1, 0)");
    insert.bind(1, slug);
    insert.exec();
    return {};
  });
}

int count_apps(database& db) {
  return *db.run([](SQLite::Database& connection) -> result<int> {
    return connection.execAndGet("SELECT count(*) FROM apps").getInt();
  });
}

/// The error of opening a data directory that cannot be opened.
std::string why_not(const std::filesystem::path& data_dir) {
  const auto opened = database::open(data_dir, {.busy_timeout = std::chrono::milliseconds(1)});
  if (opened) return "it opened";
  EXPECT_EQ(opened.error().code, errc::unavailable);
  return opened.error().message;
}

TEST(database, a_prepared_statement_begins_anew_each_time_and_holds_no_old_view) {
  const temp_dir dir;
  const auto db = *database::open(dir.path());
  const auto first_app = [&] {
    return *db->run([&](SQLite::Database&) -> result<std::string> {
      const auto query = db->statement("SELECT slug FROM apps ORDER BY slug");
      return query->executeStep() ? query->getColumn(0).getString() : "none";
    });
  };
  EXPECT_EQ(first_app(), "none");
  for (const char* slug : {"c", "b", "a"}) {
    ASSERT_TRUE(add_app(**database::open(dir.path()), slug));
    EXPECT_EQ(first_app(), slug);
  }
}

TEST(database, makes_a_private_directory_and_file) {
  const temp_dir dir;
  const auto data_dir = dir / "deep/data";
  ASSERT_TRUE(database::open(data_dir));
  EXPECT_EQ(mode_of(data_dir), 0700u);
  EXPECT_EQ(mode_of(data_dir / "spillway.db"), 0600u);
}

TEST(database, takes_back_permissions_that_are_too_wide) {
  const temp_dir dir;
  ASSERT_TRUE(database::open(dir.path()));
  ASSERT_EQ(::chmod((dir / "spillway.db").c_str(), 0666), 0);
  ASSERT_TRUE(database::open(dir.path()));
  EXPECT_EQ(mode_of(dir / "spillway.db"), 0600u);
}

TEST(database, works_in_wal_mode_with_foreign_keys_and_waits_5_seconds_for_a_lock) {
  const temp_dir dir;
  const auto db = database::open(dir.path());
  ASSERT_TRUE(db);
  EXPECT_EQ(pragma(**db, "journal_mode"), "wal");
  EXPECT_EQ(pragma(**db, "foreign_keys"), "1");
  EXPECT_EQ(pragma(**db, "busy_timeout"), "5000");
  EXPECT_EQ(pragma(**db, "user_version"), std::to_string(schema_version()));
}

TEST(database, keeps_what_was_written_when_opened_again) {
  const temp_dir dir;
  ASSERT_TRUE(add_app(**database::open(dir.path()), "shop"));
  EXPECT_EQ(count_apps(**database::open(dir.path())), 1);
}

TEST(database, an_error_in_a_transaction_takes_everything_back) {
  const temp_dir dir;
  const auto db = *database::open(dir.path());
  const auto outcome = db->transact([](SQLite::Database& connection) -> result<void> {
    connection.exec("INSERT INTO apps VALUES('shop', 'shop', 0)");
    return fail(errc::refused, "no");
  });
  EXPECT_EQ(outcome.error().message, "no");
  EXPECT_EQ(count_apps(*db), 0);
}

TEST(database, what_sqlite_throws_becomes_an_error_and_takes_everything_back) {
  const temp_dir dir;
  const auto db = *database::open(dir.path());
  const auto outcome = db->transact([](SQLite::Database& connection) -> result<void> {
    connection.exec("INSERT INTO apps VALUES('shop', 'shop', 0)");
    connection.exec("INSERT INTO nowhere VALUES(1)");
    return {};
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, errc::unavailable);
  EXPECT_EQ(count_apps(*db), 0);
  EXPECT_TRUE(add_app(*db, "blog"));  // and the connection is usable
}

TEST(database, two_connections_write_at_once_and_lose_nothing) {
  const temp_dir dir;
  const auto write = [&](const std::string& prefix) {
    const auto db = database::open(dir.path());
    if (!db) return db.error().message;
    for (int i = 0; i < 50; ++i)
      if (const auto added = add_app(**db, prefix + std::to_string(i)); !added)
        return added.error().message;
    return std::string();
  };
  // Both open the new database, so both may migrate it.
  auto other = std::async(std::launch::async, write, "a");
  EXPECT_EQ(write("b"), "");
  EXPECT_EQ(other.get(), "");
  EXPECT_EQ(count_apps(**database::open(dir.path())), 100);
}

TEST(database, one_connection_serves_many_threads) {
  const temp_dir dir;
  const auto db = *database::open(dir.path());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) EXPECT_TRUE(add_app(*db, std::to_string(t * 100 + i)));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count_apps(*db), 80);
}

TEST(database, a_path_below_a_file_is_a_clear_error) {
  const temp_dir dir;
  test::write_file(dir / "file", "");
  for (const char* name : {"file", "file/data"}) {
    const std::string message = why_not(dir / name);
    EXPECT_NE(message.find((dir / name).string()), std::string::npos) << message;
    EXPECT_NE(message.find("--data-dir"), std::string::npos) << message;
  }
}

TEST(database, a_directory_in_place_of_the_file_is_a_clear_error) {
  const temp_dir dir;
  std::filesystem::create_directories(dir / "spillway.db");
  EXPECT_NE(why_not(dir.path()).find("is not a file: move it away"), std::string::npos);
}

TEST(database, a_file_that_is_no_database_is_a_clear_error) {
  const temp_dir dir;
  test::write_file(dir / "spillway.db", std::string(4096, 'x'));
  const std::string message = why_not(dir.path());
  EXPECT_NE(message.find("damaged"), std::string::npos) << message;
  EXPECT_NE(message.find("spillway.db"), std::string::npos) << message;
}

TEST(database, damage_behind_the_header_is_a_clear_error) {
  const temp_dir dir;
  ASSERT_TRUE(add_app(**database::open(dir.path()), "shop"));
  std::string bytes = test::read_file(dir / "spillway.db");
  std::fill(bytes.begin() + 100, bytes.end(), 'x');
  test::write_file(dir / "spillway.db", bytes);
  const auto db = database::open(dir.path());
  const std::string message = db ? add_app(**db, "blog").error().message : db.error().message;
  EXPECT_NE(message.find("damaged"), std::string::npos) << message;
}

TEST(database, a_database_of_a_newer_program_is_refused_and_left_alone) {
  const temp_dir dir;
  {
    const auto db = *database::open(dir.path());
    ASSERT_TRUE(db->run([](SQLite::Database& connection) -> result<void> {
      connection.exec("PRAGMA user_version = 999");
      return {};
    }));
  }
  const std::string message = why_not(dir.path());
  EXPECT_NE(message.find("version 999"), std::string::npos) << message;
  EXPECT_NE(message.find("newer"), std::string::npos) << message;
  SQLite::Database raw((dir / "spillway.db").string());
  EXPECT_EQ(raw.execAndGet("PRAGMA user_version").getInt(), 999);
}

TEST(database, a_lock_that_another_process_keeps_is_a_clear_error) {
  const temp_dir dir;
  const auto db = *database::open(dir.path(), {.busy_timeout = std::chrono::milliseconds(1)});
  SQLite::Database other((dir / "spillway.db").string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto added = add_app(*db, "shop");
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, errc::busy);
  EXPECT_NE(added.error().message.find("locked"), std::string::npos) << added.error().message;
  other.exec("ROLLBACK");
  EXPECT_TRUE(add_app(*db, "shop"));
}

TEST(database, a_database_that_became_read_only_is_a_clear_error) {
  const temp_dir dir;
  const auto db = *database::open(dir.path());
  ASSERT_TRUE(db->run([](SQLite::Database& connection) -> result<void> {
    connection.exec("PRAGMA query_only = ON");
    return {};
  }));
  const auto added = add_app(*db, "shop");
  ASSERT_FALSE(added);
  EXPECT_NE(added.error().message.find("cannot be written"), std::string::npos);
}

TEST(database, a_full_disk_is_a_clear_error_and_loses_nothing) {
  const temp_dir dir;
  const auto db = *database::open(dir.path());
  ASSERT_TRUE(add_app(*db, "shop"));
  const auto exec = [&](const std::string& sql) {
    ASSERT_TRUE(db->run([&](SQLite::Database& connection) -> result<void> {
      connection.exec(sql);
      return {};
    }));
  };
  // Not one page more than there is: what SQLite says then is what it says of a full disk.
  exec("PRAGMA max_page_count = 1");
  const std::string long_name(100'000, 'a');
  const auto added = add_app(*db, long_name);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, errc::unavailable);
  EXPECT_NE(added.error().message.find("disk is full"), std::string::npos) << added.error().message;
  EXPECT_EQ(count_apps(*db), 1);
  exec("PRAGMA max_page_count = 1000000");
  EXPECT_TRUE(add_app(*db, long_name));
}

}  // namespace
}  // namespace spillway::store
