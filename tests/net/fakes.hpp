// Stand-ins for what the room needs from the others, and a server on them.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "net/http_server.hpp"
#include "net/raw_client.hpp"

namespace spillway::net::testing {

inline constexpr std::chrono::seconds patience{20};

/// The session's side of a connection: records what it is told.
class recorded_viewer : public actors::viewer_events,
                        public std::enable_shared_from_this<recorded_viewer> {
 public:
  explicit recorded_viewer(std::shared_ptr<actors::viewer_connection> connection)
      : strand_(connection->strand()), connection_(std::move(connection)) {}

  void on_written() override { note(written_); }
  void on_silent() override { note(silent_); }
  void on_stalled() override { note(stalled_); }
  void on_gone() override {
    connection_.reset();
    note(gone_);
  }

  /// Runs `job` with the connection on its strand and returns what it returns; the connection is
  /// null once it has gone.
  template <class Job>
  auto on_strand(Job job) {
    std::packaged_task<decltype(job(nullptr))()> task(
        [self = shared_from_this(), job] { return job(self->connection_.get()); });
    auto result = task.get_future();
    boost::asio::post(strand_, std::move(task));
    return result.get();
  }
  actors::viewer_connection::write_result write(actors::batch_ptr frames);
  void close(protocol::close_code code, std::string_view reason);
  void abort();
  /// As when the session dies without a word; the server must have stopped.
  void forget() { connection_.reset(); }

  bool wait_written(int times) { return wait(written_, times); }
  bool wait_silent() { return wait(silent_, 1); }
  bool wait_stalled() { return wait(stalled_, 1); }
  bool wait_gone() { return wait(gone_, 1); }
  int gone_count();
  int silent_count();

  actors::viewer_identity from;
  protocol::stream_request request;

 private:
  void note(int& counter);
  bool wait(int& counter, int at_least);

  actors::viewer_connection::strand_type strand_;
  std::shared_ptr<actors::viewer_connection> connection_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int written_ = 0;
  int silent_ = 0;
  int stalled_ = 0;
  int gone_ = 0;
};

/// Tokens (`token_of`) and cookies `admin`, `manager`, `viewer` (both granted `shop`), `stranger`
/// (nothing).
class fake_identity : public identity {
 public:
  result<protocol::principal> authenticate(const credentials& presented) override;
  result<bool> needs_setup() override { return !set_up; }
  result<protocol::principal> setup(const std::string& username,
                                    const std::string& password) override;
  result<login> log_in(const std::string& username, const std::string& password) override;
  result<void> log_out(const credentials&) override { return {}; }
  result<std::vector<api_key>> api_keys(const protocol::principal&) override;
  result<std::pair<std::int64_t, std::string>> create_api_key(
      const protocol::principal&, const std::string&,
      std::optional<std::chrono::nanoseconds> lifetime) override;
  result<void> revoke_api_key(const protocol::principal&, std::int64_t id) override;
  /// The current one is `right`.
  result<std::optional<login>> change_password(const protocol::principal& who,
                                               const std::string& current,
                                               const std::string& next) override;

  /// Where set, authenticate waits for it: a worker that is busy.
  std::shared_future<void> hold;
  /// Nobody has good credentials any more.
  std::atomic<bool> all_revoked = false;
  /// Calls of authenticate.
  std::atomic<int> asked = 0;
  /// Where set, log_in waits for it: a hash that takes long.
  std::shared_future<void> hold_login;
  /// Where set, what log_in answers.
  std::optional<failure> login_failure;
  /// Calls of log_in.
  std::atomic<int> logins = 0;
  /// There is a user already.
  std::atomic<bool> set_up = false;
  /// Calls of setup.
  std::atomic<int> setups = 0;
};

/// The users 1 (`ann`, granted `shop`) and 2 (`root`, the last super_admin).
class fake_accounts : public accounts {
 public:
  result<std::vector<user_account>> list() override;
  result<user_account> find(std::int64_t id) override;
  result<user_account> create(const std::string& username, const std::string& password,
                              protocol::role role) override;
  result<void> remove(std::int64_t id) override { return note("remove", id); }
  result<void> set_role(std::int64_t id, protocol::role role) override;
  result<void> set_password(std::int64_t id, const std::string& password) override;
  result<void> grant(std::int64_t id, const protocol::slug& app) override;
  result<void> revoke(std::int64_t id, const protocol::slug& app) override;

  /// What was done, a line each.
  std::vector<std::string> done();

 private:
  result<void> note(const std::string& what, std::int64_t id);

  std::mutex mutex_;
  std::vector<std::string> done_;
};

class fake_audit_trail : public audit_trail {
 public:
  result<std::vector<actors::audit_entry>> list(const actors::audit_query& query) override;

  std::mutex mutex;
  actors::audit_query asked;
};

class fake_catalog : public app_catalog {
 public:
  result<std::vector<protocol::slug>> list() override;
  result<bool> exists(const protocol::slug& app) override;
  std::string project(const protocol::slug& app) const override { return "p-" + app.text(); }
  std::filesystem::path compose_file(const protocol::slug& app) const override {
    return "/apps/" + app.text() + "/docker-compose.yml";
  }
  result<void> put(const protocol::slug& app, std::string_view compose, bool replace,
                   const std::string& user) override;
  /// Each app has had the versions 1 ("old", found on disk) and 2 ("new", by ann, the current one).
  result<std::vector<compose_version>> versions(const protocol::slug&) override;
  result<std::pair<compose_version, std::string>> version(const protocol::slug&,
                                                          std::int64_t id) override;
  result<void> roll_back(const protocol::slug& app, std::int64_t id,
                         const std::string& user) override;
  result<void> remove(const protocol::slug& app) override;
  result<std::vector<actors::deploy_record>> deploys(const protocol::slug& app) override;
  result<std::string> transcript(const protocol::slug& app, const std::string& id) override;

  /// Of every deploy; empty: a short one.
  std::string long_transcript;
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::string> apps{{"shop", "old"}, {"secret", "old"}};
};

class fake_engine : public actors::container_engine {
 public:
  void list(std::string project, list_handler handler) override;
  std::unique_ptr<actors::log_stream> open_log(std::string, actors::log_query,
                                               chunk_handler) override {
    return nullptr;
  }

  bool available = true;
  std::vector<actors::container_info> containers;
};

class fake_gateway : public actors::gateway {
 public:
  void open(actors::viewer_identity from, protocol::stream_request request,
            std::shared_ptr<actors::viewer_connection> connection) override;
  void access_to_check(std::uint64_t, protocol::timestamp, access_handler handler) override {
    handler({});
  }
  void end_access(std::vector<actors::held_access_ptr>) override {}
  void start_run(actors::run_request request, run_handler handler) override;
  /// Of a deploy named by its id: only of `run-1`.
  void cancel_run(protocol::slug app, std::optional<std::string> deploy_id,
                  std::function<void(bool)> handler) override;
  void deploying(std::function<void(std::set<std::string>)> handler) override;
  void streams(std::function<void(actors::streams_report)> handler) override { handler(tree); }
  void process_log_tail(std::size_t limit,
                        std::function<void(std::vector<std::string>)> handler) override;

  actors::streams_report tree;
  /// Drops all connections and waits for their ends.
  void abort_all();
  /// The next viewer that was opened; null if none comes.
  std::shared_ptr<recorded_viewer> next_viewer();
  std::size_t opened();

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<recorded_viewer>> viewers;
  std::size_t taken = 0;
  std::vector<actors::run_request> runs;
  std::set<std::string> busy;
  std::optional<actors::run_refusal> refusal;
  bool drop_handlers = false;
  bool abort_at_end = true;
  /// Where set, the first call of `deploying` waits for it.
  std::shared_future<void> hold_deploying;
  std::promise<void> deploying_held;
  std::size_t asked_lines = 0;
};

/// A server on loopback, with all of the above behind it.
class test_server {
 public:
  explicit test_server(config::settings chosen = {}, std::size_t max_worker_jobs = 512,
                       std::chrono::milliseconds close_timeout = std::chrono::seconds(5),
                       transport over = transport::plain,
                       const std::function<void(dependencies&)>& adjust = {});
  ~test_server();

  std::uint16_t port() const { return port_; }
  http_answer get(std::string_view target, std::string_view token = {});
  http_answer send(std::string_view method, std::string_view target, std::string_view token,
                   std::string_view body = {});

  config::settings settings;
  /// Before what holds connections.
  boost::asio::io_context io;
  fake_identity users;
  fake_accounts accounts;
  fake_audit_trail audit;
  fake_catalog catalog;
  fake_engine engine;
  fake_gateway gateway;
  boost::asio::thread_pool workers{4};
  std::optional<http_server> http;

 private:
  const transport over_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
};

/// The token of a user that fake_identity knows, in the form that tokens have.
std::string token_of(std::string_view name);
/// The whole field `Authorization` with that token.
std::string bearer(std::string_view name);

/// Text frames with these payloads, one slice each.
actors::batch_ptr frames(const std::vector<std::string>& payloads);

}  // namespace spillway::net::testing
