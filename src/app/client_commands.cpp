#include "app/client_commands.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <istream>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "app/exit_codes.hpp"
#include "client/colour_choice.hpp"
#include "client/compose_input.hpp"
#include "client/deploy_session.hpp"
#include "client/log_session.hpp"
#include "client/log_subject.hpp"
#include "client/process_log_subject.hpp"
#include "client/server_address.hpp"
#include "client/terminal.hpp"
#include "protocol/redacted.hpp"

namespace spillway::app {

namespace {

struct client_values {
  std::string url = "http://127.0.0.1:8443";
  std::string token;
  std::string ca_file;
  client::colour_choice colour = client::colour_choice::automatic;
  bool json = false;
  bool no_reconnect = false;
  bool no_timestamps = false;
  client::log_query query;
  bool no_follow = false;
  std::string deploy_id;
  std::string compose_file;
  bool force = false;
};
using client_values_ptr = std::shared_ptr<client_values>;

/// Why a command cannot begin: its exit code has been told.
using session_options_or_code = tl::expected<client::session_options, int>;

int fail(const std::string& sentence, int code, console io) {
  io.err << "spillway: " << sentence << std::endl;
  return code;
}

client::screen_options screen_options_of(const client_values& given) {
  const char* const term = std::getenv("TERM");
  const bool on_terminal = client::is_terminal(STDOUT_FILENO);
  const client::colour_environment environment{std::getenv("NO_COLOR"), term};
  return {{.colour = client::choose_colours(given.colour, on_terminal, environment),
           .timestamps = !given.no_timestamps,
           .short_timestamps = on_terminal},
          given.json,
          client::can_rewrite_lines(term)};
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

session_options_or_code session_options_of(const client_values& given, console io) {
  auto server = client::parse_server_url(given.url);
  if (!server) return tl::unexpected(fail(server.error(), exit_usage, io));
  if (given.token.empty()) {
    return tl::unexpected(
        fail("no token was given: make one with `spillway token create` and set "
             "SPILLWAY_TOKEN or --token",
             exit_failure, io));
  }
  if (!is_printable(given.token)) {
    return tl::unexpected(
        fail("the token holds characters that no token has: is it all of it and nothing else?",
             exit_usage, io));
  }
  client::session_options made;
  made.link = {std::move(*server), given.token, nullptr, {}};
  if (made.link.server.tls) {
    auto tls = client::make_tls_context(given.ca_file);
    if (!tls) return tl::unexpected(fail(tls.error(), exit_failure, io));
    made.link.tls = std::move(*tls);
  }
  made.screen = screen_options_of(given);
  made.reconnect = !given.no_reconnect;
  return made;
}

int follow_logs(const client_values& given, console io) {
  auto options = session_options_of(given, io);
  if (!options) return options.error();
  auto query = given.query;
  query.follow = !given.no_follow;
  return client::log_session(std::move(*options),
                             std::make_unique<client::log_subject>(std::move(query)))
      .run();
}

int follow_process_log(const client_values& given, console io) {
  auto options = session_options_of(given, io);
  if (!options) return options.error();
  return client::log_session(std::move(*options), std::make_unique<client::process_log_subject>())
      .run();
}

int watch_deploy(const client_values& given, console io) {
  auto options = session_options_of(given, io);
  if (!options) return options.error();
  return client::deploy_session(std::move(*options), given.query.app, given.deploy_id).run();
}

int deploy(const client_values& given, console io) {
  auto options = session_options_of(given, io);
  if (!options) return options.error();
  auto compose = client::read_compose(given.compose_file, io.in);
  if (!compose) return fail(compose.error(), exit_failure, io);
  return client::deploy_session(
             std::move(*options),
             client::deploy_order{given.query.app, std::move(*compose), given.force})
      .run();
}

/// One subcommand: what all have, and what some share. Each has values of its own: CLI11 reads the
/// environment for the others, too, and would write it over what this one was given.
class client_command {
 public:
  client_command(CLI::App& root, const char* name, const char* help, client_values_ptr given)
      : command_(*root.add_subcommand(name, help)), given_(std::move(given)) {
    command_.add_option("--url", given_->url, "the server: http://HOST:PORT or https://HOST:PORT")
        ->envname("SPILLWAY_URL")
        ->type_name("URL")
        ->capture_default_str();
    command_
        .add_option("--token", given_->token,
                    "a token that `spillway token create` printed; others of this machine see it "
                    "less in the environment than here")
        ->envname("SPILLWAY_TOKEN")
        ->type_name("TOKEN");
    command_
        .add_option("--ca", given_->ca_file,
                    "PEM file of the certificates to trust, instead of the system's")
        ->envname("SPILLWAY_CA")
        ->type_name("FILE");
    const std::map<std::string, client::colour_choice> choices{
        {"auto", client::colour_choice::automatic},
        {"always", client::colour_choice::always},
        {"never", client::colour_choice::never}};
    command_
        .add_option("--color", given_->colour,
                    "auto, always or never; auto: on a terminal, unless NO_COLOR is set")
        ->transform(CLI::Transformer(choices).description(""))
        ->type_name("WHEN");
    command_.add_flag("--json", given_->json, "print the frames as they come, one a line");
    command_.add_flag("--no-reconnect", given_->no_reconnect,
                      "end when the connection is lost, instead of trying again");
  }

  CLI::App& operator*() const { return command_; }
  CLI::App* operator->() const { return &command_; }

  const client_command& app() const {
    command_.add_option("APP", given_->query.app, "the app's name")->required();
    return *this;
  }

 private:
  CLI::App& command_;
  const client_values_ptr given_;
};

void add_deploy(CLI::App& root, int& exit_code, console io) {
  const auto given = std::make_shared<client_values>();
  const client_command command(root, "deploy", "deploy an app and show how it goes", given);
  command.app();
  command->add_option("-f,--file", given->compose_file, "the compose file; - is standard input")
      ->required()
      ->type_name("FILE");
  command->add_flag("--force", given->force, "deploy again an app that exists");
  command->footer(
      "Ends with 0 when the deploy succeeded, 1 when it failed, 130 after Ctrl-C, which asks\n"
      "whether to cancel the deploy.\n\n"
      "Examples:\n"
      "  spillway deploy shop -f docker-compose.yml\n"
      "  sed s/latest/1.4.2/ compose.yml | spillway deploy shop --force -f -");
  command->callback([=, &exit_code] { exit_code = deploy(*given, io); });
}

void add_watch(CLI::App& root, int& exit_code, console io) {
  const auto given = std::make_shared<client_values>();
  const client_command command(root, "watch", "show an app's running or most recent deploy", given);
  command.app();
  command
      ->add_option("--deploy", given->deploy_id,
                   "a recorded deploy, by the id that GET /api/apps/APP/events lists")
      ->type_name("ID");
  command->footer(
      "Examples:\n"
      "  spillway watch shop\n"
      "  spillway watch shop --deploy ID --json | jq -r .output");
  command->callback([=, &exit_code] { exit_code = watch_deploy(*given, io); });
}

void add_logs(CLI::App& root, int& exit_code, console io) {
  const auto given = std::make_shared<client_values>();
  const client_command command(root, "logs", "show the log of one of an app's containers", given);
  command.app();
  auto& query = given->query;
  command->add_option("--service", query.service, "compose service; web unless given");
  command->add_option("--tail", query.tail, "lines of history, or all; 100 unless given")
      ->type_name("N");
  command->add_option("--since", query.since, "RFC 3339, Unix seconds, or a duration such as 10m")
      ->type_name("TIME");
  command->add_option("--until", query.until, "the same")->type_name("TIME");
  command
      ->add_option("--replica", query.replica,
                   "number of the container of a scaled service; the lowest that runs unless "
                   "given")
      ->type_name("N");
  command->add_flag("--no-follow", given->no_follow, "end after the history");
  command->add_flag("--no-timestamps", given->no_timestamps, "lines without their times");
  command->footer(
      "Lines of standard error are red, or marked with ! where there are no colors.\n\n"
      "Examples:\n"
      "  spillway logs shop\n"
      "  spillway logs shop --service db --since 10m\n"
      "  spillway logs shop --tail all --no-follow --no-timestamps > shop.log");
  command->callback([=, &exit_code] { exit_code = follow_logs(*given, io); });
}

void add_process_logs(CLI::App& root, int& exit_code, console io) {
  const auto given = std::make_shared<client_values>();
  const client_command command(root, "process-logs", "show the server's own log", given);
  command->footer(
      "Needs a token of a super_admin.\n\n"
      "Example:\n"
      "  spillway process-logs | grep -F '[deploy]'");
  command->callback([=, &exit_code] { exit_code = follow_process_log(*given, io); });
}

}  // namespace

void add_client_commands(CLI::App& root, int& exit_code, console io) {
  add_watch(root, exit_code, io);
  add_logs(root, exit_code, io);
  add_deploy(root, exit_code, io);
  add_process_logs(root, exit_code, io);
  // A token that was put in the wrong place would be repeated in the complaint about it.
  root.failure_message([](const CLI::App* app, const CLI::Error& error) {
    return protocol::redacted(CLI::FailureMessage::simple(app, error));
  });
  root.footer(
      "Examples:\n"
      "  spillway serve --config /etc/spillway/spillway.yaml\n"
      "  export SPILLWAY_URL=https://deploy.example.com SPILLWAY_TOKEN=sd_...\n"
      "  spillway deploy shop -f docker-compose.yml\n"
      "  spillway logs shop");
}

}  // namespace spillway::app
