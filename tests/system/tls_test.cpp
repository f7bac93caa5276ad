// HTTPS and WSS: what is spoken, and certificates that are renewed while the server runs.
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <regex>

#include "support/certificate.hpp"
#include "system/bare_client.hpp"
#include "system/fixture.hpp"
#include "system/tls_client.hpp"

namespace spillway::system_test {
namespace {

using test::certificate;

/// A certificate's two files.
class certificate_files {
 public:
  certificate_files() { write(certificate({.name = "first.test"})); }

  void write(const certificate& made) const {
    directory_.write("cert.pem", made.pem());
    write_key(made.key_pem());
  }
  void write_key(const std::string& text) const {
    ::chmod(directory_.write("key.pem", text).c_str(), 0600);
  }
  setting_values settings() const {
    return {{"tls.certificate", certificate_file()}, {"tls.private_key", key_file()}};
  }
  std::string certificate_file() const { return (directory_ / "cert.pem").string(); }
  std::string key_file() const { return (directory_ / "key.pem").string(); }

 private:
  temp_dir directory_;
};

class tls : public on_one_server<tls> {
 public:
  static setting_values settings() {
    static const certificate_files files;
    return files.settings();
  }
};

/// The process log's stream, which is open.
std::unique_ptr<tls_client> watch_process_log(const server& of) {
  auto stream = std::make_unique<tls_client>(of.where());
  stream->send(upgrade_request(process_log, of.token()));
  EXPECT_TRUE(stream->read_to("HTTP/1.1 101 ")) << stream->error();
  return stream;
}

/// Makes the server log a line, over a connection of its own.
std::string log_a_line(const server& of) {
  static int number = 0;
  const auto path = "/api/apps/line-" + std::to_string(++number);
  of.admin().get(path);
  return "handled GET " + path + " in ";
}

TEST_F(tls, the_process_log_is_streamed_live_and_says_https) {
  const auto stream = watch_process_log(spillway());
  EXPECT_TRUE(stream->read_to("listening on https://" + spillway().where().authority()));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(stream->read_to(log_a_line(spillway())));
}

TEST_F(tls, a_log_in_gives_a_cookie_that_goes_over_tls_only) {
  const auto in = spillway().nobody().post(
      "/api/auth/login", {{"username", admin_name}, {"password", admin_password}});
  EXPECT_EQ(in.status, 200U) << in.body;
  EXPECT_TRUE(in.header("set-cookie").ends_with("; Secure")) << in.header("set-cookie");
}

TEST_F(tls, versions_1_2_and_1_3_are_spoken_and_1_1_is_refused) {
  EXPECT_EQ(tls_client(spillway().where()).version(), "TLSv1.3");
  EXPECT_EQ(tls_client(spillway().where(), {.max_version = TLS1_2_VERSION}).version(), "TLSv1.2");
  const tls_client old(spillway().where(), {.max_version = TLS1_1_VERSION});
  EXPECT_FALSE(old.connected());
  EXPECT_EQ(old.error(), "tlsv1 alert protocol version");
}

TEST_F(tls, http_1_1_is_chosen_and_a_client_that_wants_something_else_is_refused) {
  EXPECT_EQ(tls_client(spillway().where(), {.alpn = {"h2", "http/1.1"}}).alpn(), "http/1.1");
  const tls_client other(spillway().where(), {.alpn = {"h2"}});
  EXPECT_FALSE(other.connected());
  EXPECT_EQ(other.error(), "tlsv1 alert no application protocol");
}

TEST_F(tls, a_client_without_tls_is_told_to_use_it) {
  auto plain = spillway().where();
  plain.tls = false;
  const auto answer = http_client(plain).get("/api/health");
  EXPECT_EQ(answer.status, 400U) << answer.body;
  EXPECT_NE(answer.body.find("https://"), std::string::npos) << answer.body;
  EXPECT_EQ(spillway().nobody().get("/api/health").status, 200U);
}

TEST(tls_reload, new_connections_get_the_new_certificate_and_open_streams_go_on) {
  const certificate_files files;
  server spillway(files.settings());
  const auto stream = watch_process_log(spillway);
  ASSERT_TRUE(
      stream->read_to("new connections use the certificate in " + files.certificate_file()));
  for (const std::string name : {"second.test", "third.test"}) {
    files.write(certificate({.name = name}));
    spillway.send_signal(SIGHUP);
    ASSERT_TRUE(
        stream->read_to("new connections use the certificate in " + files.certificate_file()));
    EXPECT_EQ(tls_client(spillway.where()).server_name(), name);
    EXPECT_TRUE(stream->read_to(log_a_line(spillway)));
  }
  EXPECT_EQ(stream->server_name(), "first.test");
}

TEST(tls_reload, files_that_cannot_be_used_change_nothing_and_are_named) {
  const certificate_files files;
  server spillway(files.settings());
  const auto stream = watch_process_log(spillway);
  files.write_key("this is no key\n");
  spillway.send_signal(SIGHUP);
  ASSERT_TRUE(
      stream->read_to("the certificate in use stays: tls.private_key: " + files.key_file()));
  EXPECT_EQ(tls_client(spillway.where()).server_name(), "first.test");
  EXPECT_TRUE(stream->read_to(log_a_line(spillway)));
  files.write(certificate({.name = "repaired.test"}));
  spillway.send_signal(SIGHUP);
  ASSERT_TRUE(stream->read_to("new connections use the certificate in"));
  EXPECT_EQ(tls_client(spillway.where()).server_name(), "repaired.test");
}

TEST(tls_reload, without_tls_the_signal_is_logged_and_ignored) {
  server spillway;
  const auto log = spillway.watch(process_log);
  spillway.send_signal(SIGHUP);
  EXPECT_TRUE(log->wait_for_text("SIGHUP received and ignored"));
  EXPECT_EQ(spillway.nobody().get("/api/health").status, 200U);
  EXPECT_TRUE(log->open());
}

/// Whether a signal that was sent to the process still waits to be taken.
bool waits(pid_t process, int number) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string row; std::getline(status, row);)
    if (row.starts_with("ShdPnd:"))
      return (std::stoull(row.substr(7), nullptr, 16) >> (number - 1) & 1) != 0;
  return false;
}

TEST(tls_reload, during_the_shutdown_the_signal_neither_reads_files_nor_ends_the_grace) {
  const compose_stand_in stand_in;
  const certificate_files files;
  auto settings = files.settings();
  settings.insert({{"docker.compose_command", stand_in.setting()}, {"shutdown.grace", "10m"}});
  server spillway(settings);
  const gate end(stand_in.gate_path("end"));
  stand_in.script(spillway.project("app"), "echo begun; wait_at end; echo done");
  ASSERT_EQ(spillway.post_deploy("app", web_app("true")).status, 201U);
  const auto stream = watch_process_log(spillway);
  spillway.send_signal(SIGTERM);
  ASSERT_TRUE(stream->read_to("server is shutting down"));
  files.write_key("this is no key\n");
  for (int i = 0; i < 3; ++i) {
    spillway.send_signal(SIGHUP);
    ASSERT_TRUE(eventually([&] { return !waits(spillway.pid(), SIGHUP); }));
  }
  end.open();
  EXPECT_EQ(spillway.wait_exit(), 0) << spillway.output();
  EXPECT_EQ(spillway.output().find("SIGHUP"), std::string::npos) << spillway.output();
  files.write(certificate());
  spillway.start();
  const auto events = spillway.admin().get("/api/apps/app/events").json();
  ASSERT_EQ(events.size(), 1U) << events;
  EXPECT_EQ(events[0]["status"], "success");
}

/// What a service manager is told (sd_notify(3)).
class notify_socket {
 public:
  notify_socket() {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path().copy(at.sun_path, sizeof at.sun_path - 1);
    const timeval limit{patience.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
      throw std::runtime_error("cannot bind " + path());
  }
  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;
  ~notify_socket() { ::close(fd_); }

  std::string path() const { return (directory_ / "notify").string(); }
  std::string next() const {
    std::string text(4096, '\0');
    const auto count = ::recv(fd_, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }

 private:
  temp_dir directory_;
  int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(tls_reload, the_service_manager_is_told_of_both_ends_of_a_reload_good_or_bad) {
  const notify_socket manager;
  const certificate_files files;
  const temp_dir directory;
  auto settings = files.settings();
  settings.insert({{"listen", "127.0.0.1:0"},
                   {"data_dir", (directory / "data").string()},
                   {"apps_dir", (directory / "apps").string()}});
  const auto config = directory.write("spillway.yaml", configuration(settings));
  child_process running({{spillway_binary(), "serve", "--config", config.string()},
                         {{"NOTIFY_SOCKET", manager.path()}, {"DOCKER_HOST", ""}},
                         ""});
  EXPECT_EQ(manager.next(), "READY=1");
  for (int i = 0; i < 2; ++i) {
    running.send_signal(SIGHUP);
    const auto begin = manager.next();
    EXPECT_TRUE(std::regex_match(begin, std::regex("RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*")))
        << begin;
    EXPECT_EQ(manager.next(), "READY=1");
    files.write_key("this is no key\n");
  }
  running.send_signal(SIGTERM);
  EXPECT_EQ(manager.next(), "STOPPING=1");
  EXPECT_EQ(running.wait_exit(), 0);
}

/// Runs a command on a configuration with these files; what OpenSSL could read as a passphrase
/// stands on its standard input.
finished_command run_with(const std::string& command, const certificate_files& files) {
  const temp_dir directory;
  auto settings = files.settings();
  settings.insert({{"listen", "127.0.0.1:0"},
                   {"data_dir", (directory / "data").string()},
                   {"apps_dir", (directory / "apps").string()}});
  const auto config = directory.write("spillway.yaml", configuration(settings));
  auto result = run({{spillway_binary(), command, "--config", config.string()},
                     {{"DOCKER_HOST", ""}},
                     "secret\n"});
  EXPECT_FALSE(std::filesystem::exists(directory / "data"));
  return result;
}

TEST(tls_files, that_cannot_be_used_are_78_and_a_sentence_before_anything_else) {
  const certificate made;
  const certificate_files files;
  for (const auto& text : {std::string("this is no key\n"), made.encrypted_key_pem(),
                           made.encrypted_traditional_key_pem(), made.key_pem()}) {
    files.write_key(text);
    for (const std::string command : {"serve", "check-config"}) {
      const auto result = run_with(command, files);
      EXPECT_EQ(result.exit_code, 78) << text;
      EXPECT_EQ(result.standard_output, "");
      const auto& said = result.standard_error;
      EXPECT_TRUE(said.starts_with("tls.private_key: ")) << said;
      EXPECT_NE(said.find(files.key_file()), std::string::npos) << said;
      EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    }
  }
}

TEST(tls_files, are_fine_with_check_config_and_what_should_be_better_is_a_warning) {
  const certificate_files files;
  const auto good = run_with("check-config", files);
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_EQ(good.standard_error, "");
  EXPECT_NE(good.standard_output.find(files.certificate_file()), std::string::npos);
  files.write(certificate({.valid_until = std::chrono::seconds(-60)}));
  ::chmod(files.key_file().c_str(), 0644);
  const auto old = run_with("check-config", files);
  EXPECT_EQ(old.exit_code, 0);
  EXPECT_NE(old.standard_output.find(files.certificate_file()), std::string::npos);
  const std::regex warnings(
      "warning: tls.certificate: .* has expired at .*\n"
      "warning: tls.private_key: .*: chmod 600 .*\n");
  EXPECT_TRUE(std::regex_match(old.standard_error, warnings)) << old.standard_error;
}

}  // namespace
}  // namespace spillway::system_test
