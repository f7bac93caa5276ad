// Secrets stay where they belong: with who was given them.
#include <fstream>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

std::string command_line_of(pid_t pid) {
  return test::read_file("/proc/" + std::to_string(pid) + "/cmdline");
}

/// Every byte below a directory.
std::string all_bytes_below(const std::filesystem::path& directory) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += test::read_file(entry.path());
  }
  return bytes;
}

/// Does what people do, and what they should not do, with their secrets; remembers these.
class use_of_secrets {
 public:
  explicit use_of_secrets(server& of) : server_(of) {
    token_ = keep(of.make_user("ada", "super_admin"));
    keep(of.token());
    keep("a long secret");
    keep(admin_password);
    cookie_ = log_in();
    api_key_ = keep(of.as(token_).post("/api/apikeys", {{"name", "ci"}}).json().value("key", ""));
    change_password();
    make_mistakes();
    open_streams();
  }

  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  const std::string& keep(std::string secret) {
    EXPECT_GE(secret.size(), 8U);
    return secrets_.emplace_back(std::move(secret));
  }
  std::string log_in() {
    const auto answer = server_.nobody().post("/api/auth/login",
                                              {{"username", "ada"}, {"password", "a long secret"}});
    const auto field = answer.header("set-cookie");
    const auto cookie = field.substr(0, field.find(';'));
    keep(cookie.substr(cookie.find('=') + 1));
    return cookie;
  }
  void change_password() {
    keep("the next secret");
    const auto changed = server_.nobody().send(
        "PUT", "/api/me/password",
        R"({"current_password":"a long secret","new_password":"the next secret"})",
        {{"Cookie", cookie_}});
    EXPECT_EQ(changed.status, 200U) << changed.body;
    server_.admin().post(
        "/api/users",
        {{"username", "bob"}, {"password", keep("secret of bob")}, {"role", "viewer"}});
  }
  /// Secrets where none belong: in queries, in paths, in user names, in bodies of the wrong form.
  void make_mistakes() {
    const auto nobody = server_.nobody();
    nobody.get("/api/me?token=" + token_);
    nobody.get("/api/apps?session=" + cookie_);
    nobody.get("/api/apps/" + token_);
    nobody.get("/" + api_key_ + "/logs");
    server_.as(token_).get("/api/apps/" + token_ + "/services");
    nobody.post("/api/auth/login", {{"username", token_}, {"password", "the next secret"}});
    nobody.send("POST", "/api/auth/login", "the next secret");
    nobody.get("/api/me", {{"Authorization", "Basic " + token_}});
    nobody.get("/api/me", {{"Authorization", "Bearer " + token_ + "x"}});
    nobody.get("/api/me", {{"Cookie", cookie_ + "; session=" + token_}});
  }
  void open_streams() {
    server_.watch_as(token_, process_log + "?token=" + token_)->wait_for_count(1);
    server_.watch_as(token_, "/api/apps/" + token_ + "/logs?service=" + api_key_);
  }

  server& server_;
  std::vector<std::string> secrets_;
  std::string token_;
  std::string cookie_;
  std::string api_key_;
};

void expect_none_of(const std::vector<std::string>& secrets, const std::string& text,
                    const char* where) {
  for (const auto& secret : secrets)
    EXPECT_EQ(text.find(secret), std::string::npos) << secret << " in " << where;
}

TEST(secrecy, no_secret_reaches_logs_audit_data_or_the_list_of_processes) {
  server spillway({{"auth.login_attempts", "1000/1m"}, {"auth.lockout", "1000 failures/1m"}});
  const use_of_secrets used(spillway);
  const auto& secrets = used.secrets();
  expect_none_of(secrets, command_line_of(spillway.pid()), "the list of processes");
  expect_none_of(secrets, spillway.admin().get("/api/system/audit?limit=1000").body, "the audit");
  expect_none_of(secrets, spillway.admin().get("/api/system/process-logs?limit=1000").body,
                 "the process log");
  expect_none_of(secrets, spillway.admin().get("/api/users").body, "the users");
  expect_none_of(secrets, spillway.admin().get("/api/apikeys").body, "the API keys");
  EXPECT_EQ(spillway.stop(), 0);
  expect_none_of(secrets, spillway.output(), "what it printed");
  expect_none_of(secrets, all_bytes_below(spillway.directory() / "data"), "the data directory");
}

TEST(secrecy, the_terminal_client_hides_a_token_that_was_given_as_an_argument) {
  server spillway;
  const auto& token = spillway.token();
  const child_process client({{spillway_binary(), "process-logs", "--url",
                               "http://" + spillway.where().authority(), "--token", token},
                              {},
                              ""});
  const auto seen = [&] { return command_line_of(client.pid()); };
  // Between exec and the first lines of main it can still be seen.
  EXPECT_TRUE(eventually([&] {
    return seen().find("--token") != std::string::npos && seen().find(token) == std::string::npos;
  }));
}

}  // namespace
}  // namespace spillway::system_test
