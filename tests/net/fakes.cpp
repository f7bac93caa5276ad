#include "net/fakes.hpp"

#include <gtest/gtest.h>

#include "protocol/ws_frame.hpp"

namespace spillway::net::testing {

using protocol::role;

actors::viewer_connection::write_result recorded_viewer::write(actors::batch_ptr frames) {
  return on_strand([frames](actors::viewer_connection* connection) {
    if (connection == nullptr) return actors::viewer_connection::write_result::gone;
    return connection->write(frames);
  });
}

void recorded_viewer::close(protocol::close_code code, std::string_view reason) {
  on_strand([code, reason](actors::viewer_connection* connection) {
    if (connection != nullptr) connection->close({code, protocol::close_reason(reason)});
    return 0;
  });
}

void recorded_viewer::abort() {
  on_strand([](actors::viewer_connection* connection) {
    if (connection != nullptr) connection->abort();
    return 0;
  });
}

void recorded_viewer::note(int& counter) {
  std::lock_guard lock(mutex_);
  ++counter;
  changed_.notify_all();
}

bool recorded_viewer::wait(int& counter, int at_least) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return counter >= at_least; });
}

int recorded_viewer::gone_count() {
  std::lock_guard lock(mutex_);
  return gone_;
}

int recorded_viewer::silent_count() {
  std::lock_guard lock(mutex_);
  return silent_;
}

result<protocol::principal> fake_identity::authenticate(const credentials& presented) {
  ++asked;
  if (hold.valid()) hold.wait();
  auto name = presented.session_cookie;
  if (!presented.bearer_token.empty()) {
    name = presented.bearer_token.substr(3, presented.bearer_token.find('-') - 3);
  }
  if (all_revoked) return tl::unexpected(failure{401, "log in first"});
  if (name == "admin") return protocol::principal{name, role::super_admin, "c", {}};
  if (name == "manager") return protocol::principal{name, role::manage, "c", {"shop", "ghost"}};
  if (name == "viewer") return protocol::principal{name, role::viewer, "c", {"shop"}};
  if (name == "stranger") return protocol::principal{name, role::viewer, "c", {}};
  return tl::unexpected(failure{401, "log in first"});
}

result<protocol::principal> fake_identity::setup(const std::string& username,
                                                 const std::string& password) {
  ++setups;
  if (set_up) return tl::unexpected(failure{409, "set up already"});
  if (password.size() < 8) return tl::unexpected(failure{400, "the password is too short"});
  return protocol::principal{username, role::super_admin, "c", {}};
}

result<login> fake_identity::log_in(const std::string& username, const std::string& password) {
  ++logins;
  if (hold_login.valid()) hold_login.wait();
  if (login_failure) return tl::unexpected(*login_failure);
  if (password != "right") return tl::unexpected(failure{401, "wrong name or password"});
  return login{{username, role::viewer, "c", {}}, "cookie-value"};
}

result<std::vector<api_key>> fake_identity::api_keys(const protocol::principal&) {
  return std::vector<api_key>{{1, "laptop", "then", "", ""}};
}

result<std::pair<std::int64_t, std::string>> fake_identity::create_api_key(
    const protocol::principal&, const std::string&,
    std::optional<std::chrono::nanoseconds> lifetime) {
  return std::pair<std::int64_t, std::string>{2, lifetime ? "sd_ends" : "sd_secret"};
}

result<void> fake_identity::revoke_api_key(const protocol::principal&, std::int64_t id) {
  if (id == 1) return {};
  return tl::unexpected(failure{404, "not found"});
}

result<std::optional<login>> fake_identity::change_password(const protocol::principal& who,
                                                            const std::string& current,
                                                            const std::string& next) {
  if (current != "right") return tl::unexpected(failure{403, "the current password is wrong"});
  if (next.size() < 8) return tl::unexpected(failure{400, "the password is too short"});
  return login{who, "new-cookie"};
}

result<void> fake_accounts::note(const std::string& what, std::int64_t id) {
  if (id != 1 && id != 2) return tl::unexpected(failure{404, "there is no such user"});
  std::lock_guard lock(mutex_);
  done_.push_back(std::to_string(id) + " " + what);
  return {};
}

std::vector<std::string> fake_accounts::done() {
  std::lock_guard lock(mutex_);
  return done_;
}

result<std::vector<user_account>> fake_accounts::list() {
  return std::vector<user_account>{{1, "ann", role::viewer, "then", {"shop"}},
                                   {2, "root", role::super_admin, "before", {}}};
}

result<user_account> fake_accounts::find(std::int64_t id) {
  if (id == 1 || id == 2) return list()->at(static_cast<std::size_t>(id) - 1);
  return tl::unexpected(failure{404, "there is no such user"});
}

result<user_account> fake_accounts::create(const std::string& username, const std::string& password,
                                           role granted) {
  if (password.size() < 8) return tl::unexpected(failure{400, "the password is too short"});
  if (username == "ann") return tl::unexpected(failure{409, "there is a user ann already"});
  return user_account{3, username, granted, "now", {}};
}

result<void> fake_accounts::set_role(std::int64_t id, role granted) {
  if (id == 2) return tl::unexpected(failure{409, "the last super_admin"});
  return note("role " + std::string(to_string(granted)), id);
}

result<void> fake_accounts::set_password(std::int64_t id, const std::string& password) {
  if (password.size() < 8) return tl::unexpected(failure{400, "the password is too short"});
  return note("password", id);
}

result<void> fake_accounts::grant(std::int64_t id, const protocol::slug& app) {
  return note("grant " + app.text(), id);
}

result<void> fake_accounts::revoke(std::int64_t id, const protocol::slug& app) {
  return note("revoke " + app.text(), id);
}

result<std::vector<actors::audit_entry>> fake_audit_trail::list(const actors::audit_query& query) {
  std::lock_guard lock(mutex);
  asked = query;
  protocol::timestamp at{std::chrono::seconds(1'700'000'000)};
  actors::audit_entry open{8, {"ann", "login:1", "::1", "process-logs", "", "", at}, {}, {}, "", {},
                           {}};
  actors::audit_entry closed{7,
                             {"ann", "token:3", "192.0.2.7", "logs", "shop", "web", at},
                             at + std::chrono::milliseconds(2'500),
                             std::uint16_t{1008},
                             "access ended",
                             std::uint64_t{12},
                             std::uint64_t{345}};
  return std::vector<actors::audit_entry>{open, closed};
}

result<std::vector<protocol::slug>> fake_catalog::list() {
  std::lock_guard lock(mutex);
  std::vector<protocol::slug> slugs;
  for (const auto& [name, compose] : apps) slugs.push_back(*protocol::slug::parse(name));
  return slugs;
}

result<bool> fake_catalog::exists(const protocol::slug& app) {
  std::lock_guard lock(mutex);
  return apps.contains(app.text());
}

result<void> fake_catalog::put(const protocol::slug& app, std::string_view compose, bool replace,
                               const std::string&) {
  std::lock_guard lock(mutex);
  if (compose.find("services") == std::string_view::npos) {
    return tl::unexpected(failure{400, "the compose file has no services"});
  }
  if (apps.contains(app.text()) && !replace) return tl::unexpected(failure{409, "it exists"});
  apps[app.text()] = compose;
  return {};
}

result<std::vector<compose_version>> fake_catalog::versions(const protocol::slug&) {
  return std::vector<compose_version>{{2, "2026-04-17T10:14:33.000Z", "ann", 3, true},
                                      {1, "2026-04-17T10:14:32.118Z", "", 3, false}};
}

result<std::pair<compose_version, std::string>> fake_catalog::version(const protocol::slug& app,
                                                                      std::int64_t id) {
  if (id != 1 && id != 2) return tl::unexpected(failure{404, "version not found"});
  return std::pair{(*versions(app))[id == 2 ? 0 : 1], std::string(id == 2 ? "new" : "old")};
}

result<void> fake_catalog::roll_back(const protocol::slug& app, std::int64_t id,
                                     const std::string& user) {
  auto found = version(app, id);
  if (!found) return tl::unexpected(found.error());
  std::lock_guard lock(mutex);
  apps[app.text()] = found->second + " by " + user;
  return {};
}

result<void> fake_catalog::remove(const protocol::slug& app) {
  std::lock_guard lock(mutex);
  apps.erase(app.text());
  changed.notify_all();
  return {};
}

result<std::vector<actors::deploy_record>> fake_catalog::deploys(const protocol::slug& app) {
  protocol::timestamp at{std::chrono::seconds(1'700'000'000)};
  return std::vector<actors::deploy_record>{
      {"d2", app.text(), "restart", "running", 0, "ann", at, {}},
      {"d1", app.text(), "deploy", "failed", 3, "bob", at, at + std::chrono::seconds(2)}};
}

result<std::string> fake_catalog::transcript(const protocol::slug&, const std::string& id) {
  if (id != "d1") return tl::unexpected(failure{404, "not found"});
  if (!long_transcript.empty()) return long_transcript;
  return "{\"done\":false}\n{\"done\":true}\n";
}

void fake_engine::list(std::string project, list_handler handler) {
  if (!available) {
    return handler(tl::unexpected(
        actors::engine_error{actors::engine_errc::unavailable, "docker engine unavailable"}));
  }
  std::vector<actors::container_info> found;
  for (const auto& each : containers) {
    if (project.empty() || each.project == project) found.push_back(each);
  }
  handler(found);
}

void fake_gateway::open(actors::viewer_identity from, protocol::stream_request request,
                        std::shared_ptr<actors::viewer_connection> connection) {
  auto events = std::make_shared<recorded_viewer>(connection);
  events->from = std::move(from);
  events->request = std::move(request);
  connection->start(events);
  std::lock_guard lock(mutex);
  viewers.push_back(std::move(events));
  changed.notify_all();
}

void fake_gateway::start_run(actors::run_request request, run_handler handler) {
  std::unique_lock lock(mutex);
  if (drop_handlers) return;
  if (refusal) {
    auto why = *refusal;
    lock.unlock();
    return handler(tl::unexpected(why));
  }
  runs.push_back(std::move(request));
  auto id = "run-" + std::to_string(runs.size());
  lock.unlock();
  handler(id);
}

void fake_gateway::cancel_run(protocol::slug app, std::optional<std::string> deploy_id,
                              std::function<void(bool)> handler) {
  std::unique_lock lock(mutex);
  bool running = busy.contains(app.text()) && deploy_id.value_or("run-1") == "run-1";
  lock.unlock();
  handler(running);
}

void fake_gateway::deploying(std::function<void(std::set<std::string>)> handler) {
  std::unique_lock lock(mutex);
  auto copy = busy;
  auto hold = std::exchange(hold_deploying, {});
  lock.unlock();
  if (hold.valid()) {
    deploying_held.set_value();
    hold.wait();
  }
  handler(copy);
}

void fake_gateway::process_log_tail(std::size_t limit,
                                    std::function<void(std::vector<std::string>)> handler) {
  asked_lines = limit;
  handler({"2026-04-17T10:14:32.118Z [api] handled GET /", "bare words"});
}

std::shared_ptr<recorded_viewer> fake_gateway::next_viewer() {
  std::unique_lock lock(mutex);
  if (!changed.wait_for(lock, patience, [&] { return viewers.size() > taken; })) return nullptr;
  return viewers[taken++];
}

void fake_gateway::abort_all() {
  std::unique_lock lock(mutex);
  auto all = viewers;
  lock.unlock();
  for (const auto& viewer : all) {
    viewer->abort();
    EXPECT_TRUE(viewer->wait_gone());
    EXPECT_EQ(viewer->gone_count(), 1);
  }
}

std::size_t fake_gateway::opened() {
  std::lock_guard lock(mutex);
  return viewers.size();
}

test_server::test_server(config::settings chosen, std::size_t max_worker_jobs,
                         std::chrono::milliseconds close_timeout, transport over,
                         const std::function<void(dependencies&)>& adjust)
    : settings(std::move(chosen)), over_(over), guard_(io.get_executor()) {
  dependencies deps{settings, users,  accounts, audit,
                    catalog,  engine, gateway,  workers.get_executor()};
  deps.max_worker_jobs = max_worker_jobs;
  deps.close_timeout = close_timeout;
  if (over == transport::tls) deps.tls = &test_tls();
  if (adjust) adjust(deps);
  http.emplace(io, deps);
  auto port = http->listen({"127.0.0.1", 0});
  if (!port) throw std::runtime_error(port.error());
  port_ = *port;
  for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io.run(); });
}

test_server::~test_server() {
  http->stop();
  workers.join();
  if (gateway.abort_at_end) gateway.abort_all();
  http.reset();
  guard_.reset();
  io.stop();
  for (auto& thread : threads_) thread.join();
  for (auto& viewer : gateway.viewers) viewer->forget();
}

http_answer test_server::get(std::string_view target, std::string_view token) {
  return send("GET", target, token);
}

http_answer test_server::send(std::string_view method, std::string_view target,
                              std::string_view token, std::string_view body) {
  return ask(port_, plain_request(method, target, token.empty() ? "" : bearer(token), body), over_);
}

std::string token_of(std::string_view name) {
  return "sd_" + std::string(name) + std::string(43 - name.size(), '-');
}

std::string bearer(std::string_view name) {
  return "Authorization: Bearer " + token_of(name) + "\r\n";
}

actors::batch_ptr frames(const std::vector<std::string>& payloads) {
  auto made = std::make_shared<actors::batch>();
  for (const auto& payload : payloads) {
    auto bytes = std::make_shared<std::string>(protocol::max_ws_header_size, '\0');
    bytes->resize(protocol::write_text_header(bytes->data(), payload.size()));
    *bytes += payload;
    made->bytes += bytes->size();
    ++made->frames;
    made->slices.push_back({bytes, *bytes});
  }
  return made;
}

}  // namespace spillway::net::testing
