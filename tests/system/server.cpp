#include "system/server.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <boost/beast/core/detail/base64.hpp>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "support/paths.hpp"

namespace spillway::system_test {

namespace {

std::map<std::string, std::string> server_environment() {
  // A small quarantine: memory that AddressSanitizer keeps back is not the server's.
  const char* given = std::getenv("ASAN_OPTIONS");
  return {{"ASAN_OPTIONS", std::string(given ? given : "") + ":quarantine_size_mb=8"},
          {"DOCKER_HOST", ""}};
}

std::string unique_prefix() {
  static std::atomic<int> number = 0;
  return "systest" + std::to_string(getpid()) + "-" + std::to_string(++number) + "-";
}

}  // namespace

std::string configuration(const setting_values& settings) {
  std::string text;
  std::string section;
  for (const auto& [key, value] : settings) {
    const auto dot = key.find('.');
    const auto head = dot == std::string::npos ? "" : key.substr(0, dot);
    if (head != section && !head.empty()) text += head + ":\n";
    section = head;
    text += (head.empty() ? key : "  " + key.substr(dot + 1)) + ": " + value + "\n";
  }
  return text;
}

std::string spillway_binary() {
  const char* other = std::getenv("SPILLWAY_TEST_BINARY");
  return other && *other ? other : test::server_program();
}

std::string base64(std::string_view bytes) {
  namespace codec = boost::beast::detail::base64;
  std::string text(codec::encoded_size(bytes.size()), '\0');
  text.resize(codec::encode(text.data(), bytes.data(), bytes.size()));
  return text;
}

server::server(setting_values settings) : prefix_(unique_prefix()) {
  settings.try_emplace("listen", "127.0.0.1:0");
  settings.try_emplace("data_dir", (directory_ / "data").string());
  settings.try_emplace("apps_dir", (directory_ / "apps").string());
  settings.try_emplace("docker.host",
                       docker_host().value_or("unix://" + (directory_ / "absent").string()));
  settings.try_emplace("docker.project_prefix", prefix_);
  // Else what the server finds by itself.
  if (std::getenv("SPILLWAY_TEST_COMPOSE")) {
    std::string words;
    for (const auto& word : compose_words()) words += (words.empty() ? "" : ", ") + word;
    settings.try_emplace("docker.compose_command", "[" + words + "]");
  }
  engine_url_ = docker_host().value_or("");
  std::filesystem::create_directories(directory_ / "apps");
  directory_.write("spillway.yaml", configuration(settings));
  start();
  sign_in();
}

server::~server() {
  if (process_) {
    const auto code = stop();
    EXPECT_EQ(code, 0) << "the server's exit code; its output:\n" << output();
  }
  if (!engine_url_.empty()) engine(engine_url_).remove_projects(prefix_);
}

void server::start() {
  process_ = std::make_unique<child_process>(command{
      {spillway_binary(), "serve", "--config", config_file().string()}, server_environment(), ""});
  const auto url = process_->wait_for_output("listening on ");
  if (!url) throw std::runtime_error("the server did not start:\n" + output());
  const auto port = std::stoi(url->substr(url->rfind(':') + 1));
  where_ = {{}, "127.0.0.1", static_cast<std::uint16_t>(port), url->starts_with("https:")};
}

void server::sign_in() {
  if (nobody().get("/api/setup/status").json() != nlohmann::json{{"needs_setup", true}})
    throw std::runtime_error("a new server must need its set-up");
  const auto made =
      nobody().post("/api/setup", {{"username", admin_name}, {"password", admin_password}});
  if (made.status != 201) throw std::runtime_error("no first user: " + made.body);
  const auto token =
      command_line({"token", "create", "--user", admin_name, "--name", "system tests"});
  token_ = token.standard_output.substr(0, token.standard_output.find('\n'));
  if (token.exit_code != 0) throw std::runtime_error("no token: " + token.standard_error);
}

std::filesystem::path server::app_folder(const std::string& slug) const {
  return directory_ / "apps" / slug;
}

std::string server::output() const {
  return process_->standard_output() + process_->standard_error();
}

std::size_t server::resident_bytes() const {
  std::ifstream statm("/proc/" + std::to_string(pid()) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

http_client server::as(const std::string& token) const {
  return http_client(where_, {{"Authorization", "Bearer " + token}});
}

std::size_t server::peak_resident_bytes() const {
  std::ifstream status("/proc/" + std::to_string(pid()) + "/status");
  for (std::string row; std::getline(status, row);)
    if (row.starts_with("VmHWM:")) return std::stoull(row.substr(6)) << 10;
  return 0;
}

void server::forget_peak() const {
  std::ofstream("/proc/" + std::to_string(pid()) + "/clear_refs") << 5;
}

std::size_t server::open_descriptors() const {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid()) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

void server::add_app(const std::string& slug) const {
  test::write_file(app_folder(slug) / "docker-compose.yml", web_app("true"));
}

std::unique_ptr<viewer> server::watch(const std::string& target, viewer_options options) const {
  options.headers.try_emplace("Authorization", "Bearer " + token_);
  return std::make_unique<viewer>(where_, target, std::move(options));
}

std::unique_ptr<viewer> server::watch_as(const std::string& token,
                                         const std::string& target) const {
  return watch(target, {{{"Authorization", "Bearer " + token}}});
}

finished_command server::command_line(std::vector<std::string> arguments, std::string input) const {
  arguments.insert(arguments.begin(), spillway_binary());
  arguments.insert(arguments.end(), {"--config", config_file().string()});
  return run({std::move(arguments), {}, std::move(input)});
}

std::string server::make_user(const std::string& name, const std::string& role) const {
  const auto user =
      command_line({"user", "add", name, "--role", role, "--password-stdin"}, "a long secret\n");
  EXPECT_EQ(user.exit_code, 0) << user.standard_error;
  const auto token = command_line({"token", "create", "--user", name, "--name", "test"});
  EXPECT_EQ(token.exit_code, 0) << token.standard_error;
  return token.standard_output.substr(0, token.standard_output.find('\n'));
}

http_response server::post_deploy(const std::string& slug, const std::string& compose,
                                  bool force) const {
  return admin().post("/api/apps/deploy",
                      {{"name", slug}, {"compose", base64(compose)}, {"force", force}});
}

std::vector<std::string> server::deploy(const std::string& slug, const std::string& compose) const {
  const auto answer = post_deploy(slug, compose);
  EXPECT_EQ(answer.status, 201U) << answer.body;
  // By its id: it may be over by now, and `deploy.recent_window` short.
  const auto id = answer.json().value("deploy_id", "");
  const auto deploy = watch("/api/apps/" + slug + "/deploy-logs?deploy=" + id);
  EXPECT_TRUE(deploy->wait_closed());
  EXPECT_EQ(text_of(deploy->newest(), "status"), "success") << output();
  return deploy->frames();
}

std::optional<int> server::wait_exit(std::chrono::milliseconds deadline) {
  return process_->wait_exit(deadline);
}

std::optional<int> server::stop() {
  send_signal(SIGTERM);
  return wait_exit();
}

}  // namespace spillway::system_test
