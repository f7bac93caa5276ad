// Streams end within moments of the access that opened them, whoever ended it.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

/// The three streams of one viewer.
class open_streams {
 public:
  open_streams(const server& of, const std::string& slug, const http_headers& proof) {
    for (const auto& target : {process_log, deploy_logs(slug), logs(slug)}) {
      streams_.push_back(
          std::make_unique<viewer>(of.where(), target, viewer_options{.headers = proof}));
      EXPECT_EQ(streams_.back()->handshake_status(), 101U) << target;
    }
    EXPECT_TRUE(streams_[0]->wait_for_count(1));
    EXPECT_TRUE(streams_[2]->wait_for_text("hello"));
  }

  viewer& of_process_log() { return *streams_[0]; }
  viewer& of_deploys() { return *streams_[1]; }
  viewer& of_container() { return *streams_[2]; }

  /// Prints how long it took, for whoever wants to know; the machine decides what is slow.
  void expect_all_ended() {
    const auto begin = std::chrono::steady_clock::now();
    for (auto& stream : streams_) expect_ending(*stream, 1008, "access ended");
    std::cout << "all ended after "
              << std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::steady_clock::now() - begin)
                     .count()
              << " ms\n";
  }
  void expect_all_open() {
    for (auto& stream : streams_) {
      const auto end = stream->wait_closed(std::chrono::milliseconds(0));
      EXPECT_FALSE(end) << testing::PrintToString(*end);
    }
  }

 private:
  std::vector<std::unique_ptr<viewer>> streams_;
};

http_headers bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}

/// What a login answered, as what the browser sends from then on.
http_headers cookie_of(const http_response& answer) {
  const auto field = answer.header("set-cookie");
  return {{"Cookie", field.substr(0, field.find(';'))}};
}

http_headers login_cookie(const server& to, const std::string& user, const std::string& password) {
  const auto answer =
      to.nobody().post("/api/auth/login", {{"username", user}, {"password", password}});
  EXPECT_EQ(answer.status, 200U) << answer.body;
  return cookie_of(answer);
}

class revocation : public on_one_server<revocation> {
 public:
  static setting_values settings() {
    return {{"deploy.start_wait", "1h"},
            {"deploy.recent_window", "0s"},
            {"auth.login_attempts", "1000/1m"}};
  }

 protected:
  void SetUp() override {
    SPILLWAY_NEEDS_ENGINE();
    if (slug_.empty()) {
      slug_ = new_slug();
      spillway().deploy(slug_, web_app("echo hello" + stay));
    }
    bystander_.emplace(spillway(), slug_, bearer(spillway().token()));
  }
  void TearDown() override {
    // Nobody else's streams were touched.
    if (bystander_) bystander_->expect_all_open();
    bystander_.reset();
    on_one_server::TearDown();
  }

  static void command(std::vector<std::string> arguments, const std::string& input = "") {
    const auto done = spillway().command_line(std::move(arguments), input);
    ASSERT_EQ(done.exit_code, 0) << done.standard_error;
  }
  /// A super_admin, whose streams are all three.
  static std::string new_user() { return "user" + new_slug(""); }
  static std::string token_of(const std::string& user) {
    return spillway().make_user(user, "super_admin");
  }
  static std::string user_id(const std::string& name) {
    for (const auto& user : spillway().admin().get("/api/users").json())
      if (user["username"] == name) return user["id"].dump();
    return "none";
  }
  static std::string token_id(const std::string& user) {
    const auto list = spillway().command_line({"token", "list"}).standard_output;
    std::istringstream rows(list);
    for (std::string row; std::getline(rows, row);) {
      if (row.find(" " + user + " ") != std::string::npos) return row.substr(0, row.find(' '));
    }
    return "none";
  }

  static inline std::string slug_;
  std::optional<open_streams> bystander_;
};

TEST_F(revocation, a_token_revoked_by_another_process_ends_its_streams) {
  const auto user = new_user();
  open_streams mine(spillway(), slug_, bearer(token_of(user)));
  command({"token", "revoke", token_id(user)});
  mine.expect_all_ended();
}

TEST_F(revocation, an_api_key_that_is_deleted_ends_its_streams_and_no_others_of_its_user) {
  const auto user = new_user();
  const auto token = token_of(user);
  const auto made = spillway().as(token).post("/api/apikeys", {{"name", "laptop"}});
  open_streams of_key(spillway(), slug_, bearer(made.json().value("key", "")));
  open_streams of_token(spillway(), slug_, bearer(token));
  EXPECT_EQ(spillway().as(token).remove("/api/apikeys/" + made.json()["id"].dump()).status, 200U);
  of_key.expect_all_ended();
  of_token.expect_all_open();
}

TEST_F(revocation, a_token_that_expires_ends_its_streams) {
  const auto user = new_user();
  token_of(user);
  const auto made = spillway().command_line(
      {"token", "create", "--user", user, "--name", "short", "--expires", "6s"});
  ASSERT_EQ(made.exit_code, 0) << made.standard_error;
  const auto token = made.standard_output.substr(0, made.standard_output.find('\n'));
  open_streams mine(spillway(), slug_, bearer(token));
  mine.expect_all_ended();
}

TEST_F(revocation, a_logout_ends_the_streams_of_that_login_alone) {
  const auto user = new_user();
  token_of(user);
  const auto here = login_cookie(spillway(), user, "a long secret");
  const auto elsewhere = login_cookie(spillway(), user, "a long secret");
  open_streams mine(spillway(), slug_, here);
  open_streams other(spillway(), slug_, elsewhere);
  EXPECT_EQ(spillway().nobody().send("POST", "/api/auth/logout", "", here).status, 200U);
  mine.expect_all_ended();
  other.expect_all_open();
}

TEST_F(revocation, a_user_who_is_removed_by_another_process_loses_all_streams) {
  const auto user = new_user();
  open_streams by_token(spillway(), slug_, bearer(token_of(user)));
  open_streams by_cookie(spillway(), slug_, login_cookie(spillway(), user, "a long secret"));
  command({"user", "remove", user});
  by_token.expect_all_ended();
  by_cookie.expect_all_ended();
}

TEST_F(revocation, a_user_who_is_removed_over_rest_loses_all_streams) {
  const auto user = new_user();
  open_streams mine(spillway(), slug_, bearer(token_of(user)));
  EXPECT_EQ(spillway().admin().remove("/api/users/" + user_id(user)).status, 200U);
  mine.expect_all_ended();
}

TEST_F(revocation, a_role_that_is_lowered_ends_what_the_lower_one_may_not_see) {
  const auto user = new_user();
  const auto token = token_of(user);
  open_streams mine(spillway(), slug_, bearer(token));
  command({"user", "role", user, "--role", "viewer"});
  mine.expect_all_ended();
  EXPECT_EQ(spillway().watch_as(token, logs(slug_))->handshake_status(), 404U);
}

TEST_F(revocation, a_role_that_is_lowered_over_rest_leaves_what_is_granted) {
  const auto user = new_user();
  open_streams mine(spillway(), slug_, bearer(token_of(user)));
  command({"user", "grant", user, slug_});
  const auto lowered = spillway().admin().send("PUT", "/api/users/" + user_id(user) + "/role",
                                               R"({"role":"manage"})");
  EXPECT_EQ(lowered.status, 200U) << lowered.body;
  expect_ending(mine.of_process_log(), 1008, "access ended");
  EXPECT_TRUE(mine.of_deploys().open());
  EXPECT_TRUE(mine.of_container().open());
}

TEST_F(revocation, a_grant_that_is_revoked_ends_the_streams_of_its_app) {
  for (const bool over_rest : {false, true}) {
    const auto user = new_user();
    const auto other = new_slug();
    spillway().add_app(other);
    const auto token = spillway().make_user(user, "viewer");
    const auto id = user_id(user);
    for (const auto& app : {slug_, other}) {
      const auto granted =
          spillway().admin().post("/api/users/" + id + "/access", {{"app_slug", app}});
      EXPECT_EQ(granted.status, 200U) << granted.body;
    }
    const auto log = spillway().watch_as(token, logs(slug_));
    const auto deploys = spillway().watch_as(token, deploy_logs(slug_));
    const auto deploys_of_other = spillway().watch_as(token, deploy_logs(other));
    ASSERT_TRUE(log->wait_for_text("hello"));
    if (over_rest) {
      EXPECT_EQ(spillway().admin().remove("/api/users/" + id + "/access/" + slug_).status, 200U);
    } else {
      command({"user", "revoke", user, slug_});
    }
    expect_ending(*log, 1008, "access ended");
    expect_ending(*deploys, 1008, "access ended");
    EXPECT_TRUE(deploys_of_other->open());
  }
}

TEST_F(revocation, a_new_password_ends_the_streams_of_all_logins_and_the_caller_goes_on) {
  const auto user = new_user();
  const auto token = token_of(user);
  const auto here = login_cookie(spillway(), user, "a long secret");
  open_streams mine(spillway(), slug_, here);
  open_streams elsewhere(spillway(), slug_, login_cookie(spillway(), user, "a long secret"));
  open_streams by_token(spillway(), slug_, bearer(token));
  const auto changed = spillway().nobody().send(
      "PUT", "/api/me/password",
      R"({"current_password":"a long secret","new_password":"another secret"})", here);
  ASSERT_EQ(changed.status, 200U) << changed.body;
  mine.expect_all_ended();
  elsewhere.expect_all_ended();
  by_token.expect_all_open();
  open_streams again(spillway(), slug_, cookie_of(changed));
  again.expect_all_open();
}

TEST_F(revocation, a_password_that_is_set_by_another_process_ends_the_streams_of_all_logins) {
  const auto user = new_user();
  token_of(user);
  open_streams mine(spillway(), slug_, login_cookie(spillway(), user, "a long secret"));
  command({"user", "password", user, "--password-stdin"}, "another secret\n");
  mine.expect_all_ended();
}

TEST_F(revocation, a_stuck_viewer_is_no_exception) {
  const auto user = new_user();
  const auto token = token_of(user);
  const auto flood = new_slug();
  spillway().deploy(flood, web_app("yes | head -c 20000000" + stay));
  viewer_options stuck;
  stuck.headers = bearer(token);
  stuck.paused = true;
  stuck.receive_buffer_bytes = 4096;
  const auto mine = spillway().watch(logs(flood, "tail=all"), stuck);
  viewer_options counting;
  counting.count_only = true;
  const auto sees_all = spillway().watch(logs(flood, "tail=all"), counting);
  ASSERT_TRUE(sees_all->wait_for_bytes(1'000'000));
  command({"user", "remove", user});
  // The audit says so, although its socket takes no close frame.
  EXPECT_TRUE(eventually([&] {
    const auto rows = spillway().admin().get("/api/system/audit?user=" + user).json();
    return rows.size() == 1 && !rows[0]["closed_at"].is_null();
  }));
  const auto row = spillway().admin().get("/api/system/audit?user=" + user).json()[0];
  EXPECT_EQ(row["reason"], "access ended") << row;
}

class login_lifetime : public on_one_server<login_lifetime> {
 public:
  static setting_values settings() {
    return {{"deploy.start_wait", "1h"},
            {"deploy.recent_window", "0s"},
            {"auth.session_lifetime", "8s"}};
  }
};

TEST_F(login_lifetime, a_cookie_that_expires_ends_its_streams) {
  SPILLWAY_NEEDS_ENGINE();
  const auto slug = new_slug();
  spillway().deploy(slug, web_app("echo hello" + stay));
  open_streams mine(spillway(), slug, login_cookie(spillway(), admin_name, admin_password));
  open_streams other(spillway(), slug, bearer(spillway().token()));
  mine.expect_all_ended();
  other.expect_all_open();
}

}  // namespace
}  // namespace spillway::system_test
