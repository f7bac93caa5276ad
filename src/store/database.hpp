// The one SQLite file of a data directory.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include "store/error.hpp"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace spillway::store {

/// Context: any thread, but it blocks: on the disk, on other threads, and up to the busy timeout on
/// other processes. One connection behind a mutex: the command line uses the same file while the
/// server runs, hence WAL.
class database {
 public:
  struct options {
    /// How long to wait for a lock that another process holds.
    std::chrono::milliseconds busy_timeout{5'000};
    /// Whether what was committed must survive a power cut; else it only survives the process.
    enum class durability : bool { process, power_cut } commits = durability::power_cut;
  };

  /// Opens `<data_dir>/spillway.db`, making the directory (0700) and the file (0600) where they are
  /// missing, and brings its tables up to date.
  static result<std::shared_ptr<database>> open(const std::filesystem::path& data_dir,
                                                const options& chosen);
  static result<std::shared_ptr<database>> open(const std::filesystem::path& data_dir) {
    return open(data_dir, options{});
  }

  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  const std::filesystem::path& data_dir() const { return data_dir_; }

  /// Within `run`: what is written while it lives fails at once where another process holds the
  /// lock, instead of keeping the connection from everybody else for the busy timeout.
  class without_waiting {
   public:
    without_waiting(const database& owner, SQLite::Database& connection);
    ~without_waiting();
    without_waiting(const without_waiting&) = delete;
    without_waiting& operator=(const without_waiting&) = delete;

   private:
    SQLite::Database& connection_;
    const std::chrono::milliseconds before_;
  };

  /// A statement that is compiled once, for what each request asks; it begins anew when this ends.
  /// Context: within `run`.
  class prepared {
   public:
    explicit prepared(SQLite::Statement& statement) : statement_(statement) {}
    ~prepared();
    prepared(const prepared&) = delete;
    prepared& operator=(const prepared&) = delete;
    SQLite::Statement* operator->() const { return &statement_; }

   private:
    SQLite::Statement& statement_;
  };
  /// `sql` is a literal. One at a time of the same. Throws what SQLite throws.
  prepared statement(const char* sql);

  /// Calls `work(connection)`, which returns a result<…>, with the connection to itself. What
  /// SQLite throws becomes an error.
  template <class Work>
  auto run(Work&& work) -> decltype(work(std::declval<SQLite::Database&>())) {
    const std::lock_guard lock(mutex_);
    try {
      return work(*connection_);
    } catch (...) {
      return tl::unexpected(error_of_current_exception());
    }
  }

  /// The same in one write transaction, which is taken back where `work` returns an error.
  template <class Work>
  auto transact(Work&& work) -> decltype(work(std::declval<SQLite::Database&>())) {
    return run([&](SQLite::Database& connection) -> decltype(work(connection)) {
      transaction guard(connection);
      auto outcome = work(connection);
      if (outcome) guard.commit();
      return outcome;
    });
  }

 private:
  /// Begins at once as a writer, so that it cannot fail half-way for another writer's sake. Rolls
  /// back when it is destroyed before commit.
  class transaction {
   public:
    explicit transaction(SQLite::Database& connection);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    void commit();

   private:
    SQLite::Database& connection_;
    bool committed_ = false;
  };

  database(std::filesystem::path data_dir, std::unique_ptr<SQLite::Database> connection,
           const options& chosen);
  error error_of_current_exception() const;

  const std::filesystem::path data_dir_;
  const options chosen_;
  std::mutex mutex_;
  std::unique_ptr<SQLite::Database> connection_;
  std::map<std::string_view, std::unique_ptr<SQLite::Statement>> statements_;
};

}  // namespace spillway::store
