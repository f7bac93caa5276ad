#include "app/client_commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/beast/core/detail/base64.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "app/exit_codes.hpp"
#include "client/frame_printer.hpp"
#include "client/server_connection.hpp"

namespace spillway::app {

namespace {

struct client_options {
  std::string url = "http://127.0.0.1:8443";
  std::string token;
  std::string app;
  std::string service;
  std::string tail;
  std::string since;
  bool no_follow = false;
  std::string compose_file;
  bool force = false;
};
using client_options_ptr = std::shared_ptr<client_options>;

int fail(console io, const std::string& sentence) {
  io.err << "spillway: " << sentence << std::endl;
  return exit_failure;
}

std::string in_url(const std::string& text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

int follow(const client_options& given, const std::string& target, console io) {
  const auto server = client::server_connection::make(given.url, given.token);
  if (!server) return fail(io, server.error());
  client::frame_printer printer(io.out);
  const auto end = server->follow(target, [&](std::string_view f) { printer.print(f); });
  if (!end) return fail(io, end.error());
  if (printer.error()) return fail(io, *printer.error());
  if (end->code != 1000) {
    return fail(io, "the stream ended early: " + std::to_string(end->code) + " " + end->reason);
  }
  return printer.deploy_failed() ? exit_failure : exit_fine;
}

std::string app_target(const client_options& given, const std::string& what) {
  return "/api/apps/" + in_url(given.app) + what;
}

int follow_logs(const client_options& given, console io) {
  std::string target = app_target(given, "/logs");
  char separator = '?';
  const auto add = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    target += separator + name + "=" + in_url(value);
    separator = '&';
  };
  add("service", given.service);
  add("tail", given.tail);
  add("since", given.since);
  if (given.no_follow) add("follow", "false");
  return follow(given, target, io);
}

std::string base64(const std::string& bytes) {
  std::string out(boost::beast::detail::base64::encoded_size(bytes.size()), '\0');
  out.resize(boost::beast::detail::base64::encode(out.data(), bytes.data(), bytes.size()));
  return out;
}

int deploy(const client_options& given, console io) {
  const auto server = client::server_connection::make(given.url, given.token);
  if (!server) return fail(io, server.error());
  std::ifstream file(given.compose_file, std::ios::binary);
  if (!file) return fail(io, "cannot read " + given.compose_file);
  const std::string compose{std::istreambuf_iterator<char>(file), {}};
  const nlohmann::json body{
      {"name", given.app}, {"compose", base64(compose)}, {"force", given.force}};
  const auto reply = server->post("/api/apps/deploy", body.dump());
  if (!reply) return fail(io, reply.error());
  if (reply->status != 201) return fail(io, client::error_sentence(reply->status, reply->body));
  return follow(given, app_target(given, "/deploy-logs"), io);
}

CLI::App& add_client(CLI::App& root, const char* name, const char* help,
                     const client_options_ptr& given) {
  auto& made = *root.add_subcommand(name, help);
  made.add_option("--url", given->url, "the server")
      ->envname("SPILLWAY_URL")
      ->type_name("URL")
      ->capture_default_str();
  made.add_option("--token", given->token, "a token that `spillway token create` printed")
      ->envname("SPILLWAY_TOKEN")
      ->type_name("TOKEN");
  return made;
}

void add_app(CLI::App& command, const client_options_ptr& given) {
  command.add_option("APP", given->app, "the app's name")->required();
}

}  // namespace

void add_client_commands(CLI::App& root, int& exit_code, console io) {
  auto given = std::make_shared<client_options>();

  auto& watch = add_client(root, "watch", "show an app's running or most recent deploy", given);
  add_app(watch, given);
  watch.callback(
      [=, &exit_code] { exit_code = follow(*given, app_target(*given, "/deploy-logs"), io); });

  auto& logs = add_client(root, "logs", "show the log of one of an app's containers", given);
  add_app(logs, given);
  logs.add_option("--service", given->service, "compose service; web unless given");
  logs.add_option("--tail", given->tail, "lines of history, or all; 100 unless given");
  logs.add_option("--since", given->since, "RFC 3339, Unix seconds, or a duration such as 10m");
  logs.add_flag("--no-follow", given->no_follow, "end after the history");
  logs.callback([=, &exit_code] { exit_code = follow_logs(*given, io); });

  auto& start = add_client(root, "deploy", "deploy an app and show how it goes", given);
  add_app(start, given);
  start.add_option("-f,--file", given->compose_file, "the compose file")
      ->required()
      ->type_name("FILE");
  start.add_flag("--force", given->force, "replace the app's compose file if it exists");
  start.callback([=, &exit_code] { exit_code = deploy(*given, io); });

  auto& own = add_client(root, "process-logs", "show the server's own log", given);
  own.callback(
      [=, &exit_code] { exit_code = follow(*given, "/api/system/process-logs/stream", io); });
}

}  // namespace spillway::app
