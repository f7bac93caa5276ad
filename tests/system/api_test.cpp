// The server answers as docs/api says: tests/clients/api_check.mjs calls all that is documented.
#include "support/paths.hpp"
#include "system/clients.hpp"
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

/// Below ctest's own, so that the report is printed.
constexpr std::chrono::seconds patience_with_all{160};
const std::string documents = test::source_folder() + "/docs/api";
/// The containers of the checker's engine are of both servers' apps.
const std::string prefix = "apitest-";

/// A second server, with no user yet, for its set-up and its end.
class fresh_server {
 public:
  explicit fresh_server(setting_values settings) {
    settings["data_dir"] = (directory_ / "data").string();
    settings["apps_dir"] = (directory_ / "apps").string();
    settings["deploy.start_wait"] = "1h";
    for (const char* app : {"shop", "held"}) {
      test::write_file(directory_ / "apps" / app / "docker-compose.yml", web_app("true"));
    }
    directory_.write("spillway.yaml", configuration(settings));
    process_ = std::make_unique<child_process>(
        command{{spillway_binary(), "serve", "--config", (directory_ / "spillway.yaml").string()},
                {{"DOCKER_HOST", ""}},
                ""});
    url_ = "http" + process_->wait_for_output("listening on http").value_or("");
  }

  const std::string& url() const { return url_; }
  std::string pid() const { return std::to_string(process_->pid()); }
  std::optional<int> wait_exit() { return process_->wait_exit(); }

 private:
  temp_dir directory_;
  std::unique_ptr<child_process> process_;
  std::string url_;
};

/// What api/limits.mjs and api/stream_ends.mjs count on; windows that are short, so that the
/// checker need not wait for them.
setting_values settings_of(const compose_stand_in& compose, const temp_dir& sockets) {
  return {{"listen", "127.0.0.1:0"},
          {"docker.compose_command", compose.setting()},
          {"docker.host", "unix://" + (sockets / "engine.sock").string()},
          {"docker.project_prefix", prefix},
          {"deploy.start_wait", "100ms"},
          {"deploy.recent_window", "1s"},
          {"logs.ring_size", "64KiB"},
          {"stream.ping_interval", "1s"},
          {"stream.read_deadline", "10s"},
          {"limits.max_viewers", "12"},
          {"limits.max_viewers_per_user", "6"},
          {"limits.max_connections_per_address", "64"},
          {"limits.header_timeout", "3s"},
          {"auth.login_attempts", "100000/1h"},
          {"auth.lockout", "\"3 failures/1h\""}};
}

TEST(the_api, answers_as_its_documents_say) {
  SPILLWAY_NEEDS_CLIENT(missing_module("@asyncapi/specs"));
  const temp_dir sockets;
  const compose_stand_in compose;
  const gate held(compose.gate_path("held"));
  const auto settings = settings_of(compose, sockets);
  const server spillway(settings);
  fresh_server fresh(settings);
  for (const std::string app : {"shop", "hidden", "gone", "new"}) {
    compose.script(prefix + app, "echo \"$step: a line\"; echo another");
  }
  compose.script(prefix + "failing", "echo no such image; exit 17");
  compose.script(prefix + "held", "echo waiting; wait_at held; echo done");

  const auto checked =
      run({{"node", client_script("api_check.mjs"), node_modules_folder(), documents},
           {{"SPILLWAY_URL", "http://" + spillway.where().authority()},
            {"SPILLWAY_FRESH_URL", fresh.url()},
            {"SPILLWAY_FRESH_PID", fresh.pid()},
            {"SPILLWAY_USER", admin_name},
            {"SPILLWAY_PASSWORD", admin_password},
            {"SPILLWAY_TOKEN", spillway.token()},
            {"SPILLWAY_VIEWER_TOKEN", spillway.make_user("viewer", "viewer")},
            {"SPILLWAY_MANAGER_TOKEN", spillway.make_user("manager", "manage")},
            {"SPILLWAY_PROJECT_PREFIX", prefix},
            {"SPILLWAY_ENGINE_SOCKET", (sockets / "engine.sock").string()},
            {"SPILLWAY_GATE", compose.gate_path("held").string()}},
           ""},
          patience_with_all);
  EXPECT_EQ(checked.exit_code, 0) << checked.standard_output << checked.standard_error;
  EXPECT_EQ(fresh.wait_exit(), 0) << "the exit code of the server that the checker ends";
}

/// Checks a stream, and returns what the client says of it.
std::string checked_stream(const server& of, const std::string& channel, const std::string& slug,
                           const std::string& reason) {
  const auto checked =
      run({{"node", client_script("api_watch.mjs"), node_modules_folder(), documents, channel, slug,
            reason},
           {{"SPILLWAY_URL", "http://" + of.where().authority()}, {"SPILLWAY_TOKEN", of.token()}},
           ""});
  EXPECT_EQ(checked.exit_code, 0) << checked.standard_output << checked.standard_error;
  return checked.standard_output;
}

TEST(the_api, sends_what_its_documents_say_of_a_real_engine_and_compose) {
  SPILLWAY_NEEDS_ENGINE();
  SPILLWAY_NEEDS_CLIENT(missing_module("@asyncapi/specs"));
  const server spillway(setting_values{{"deploy.recent_window", "1h"}});
  // Lines of both outputs, one that Docker splits, one that is not UTF-8, and an exit.
  spillway.deploy("real", web_app("echo out; echo err >&2; head -c 40000 /dev/zero | tr '\\0' x; "
                                  "echo; printf '\\377\\n'"));
  EXPECT_NE(
      checked_stream(spillway, "deploy_logs", "real", "deploy finished").find("deploy_end 1\n"),
      std::string::npos);
  EXPECT_NE(
      checked_stream(spillway, "container_logs", "real", "container exited").find("log_line 4\n"),
      std::string::npos);
}

}  // namespace
}  // namespace spillway::system_test
