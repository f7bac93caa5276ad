#include "app/serve_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "app/exit_codes.hpp"
#include "app/server.hpp"
#include "config/docker_host.hpp"
#include "config/endpoint.hpp"
#include "config/loader.hpp"
#include "config/settings_text.hpp"
#include "net/tls_context.hpp"

namespace spillway::app {

namespace {

struct serve_options {
  std::string config_file;
  std::string listen;
  std::string data_dir;
  std::string apps_dir;
  std::string docker_host;
  std::string log_level = "info";
};

/// The file's settings, or every default; errors go to `io.err`.
std::optional<config::loaded_settings> load_settings(const std::string& file, console io) {
  if (file.empty()) return config::loaded_settings{};
  auto loaded = config::load_file(file);
  if (loaded) return std::move(*loaded);
  for (const auto& error : loaded.error()) io.err << error.text() << '\n';
  return std::nullopt;
}

/// Takes DOCKER_HOST where nothing nearer says where the engine is. False after a complaint.
bool take_environment(config::settings& values, bool docker_host_was_set, console io) {
  const auto applied = config::apply_environment(
      values, docker_host_was_set, [](const char* name) { return std::getenv(name); });
  if (!applied) io.err << applied.error() << '\n';
  return applied.has_value();
}

/// What the command line says wins over the file. False after a complaint.
bool take_options(config::settings& values, const serve_options& given, console io) {
  if (!given.listen.empty()) {
    const auto where = config::parse_endpoint(given.listen);
    if (!where) {
      io.err << "--listen: " << where.error() << '\n';
      return false;
    }
    values.listen = *where;
  }
  if (!given.docker_host.empty()) {
    const auto url = config::parse_docker_host(given.docker_host);
    if (!url) {
      io.err << "--docker-host: " << url.error() << '\n';
      return false;
    }
    values.docker.host = *url;
  }
  if (!given.data_dir.empty()) values.data_dir = given.data_dir;
  if (!given.apps_dir.empty()) values.apps_dir = given.apps_dir;
  return true;
}

int serve(const serve_options& given, console io) {
  auto loaded = load_settings(given.config_file, io);
  if (!loaded) return exit_bad_configuration;
  if (!take_options(loaded->values, given, io)) return exit_usage;
  const bool docker_host_set = loaded->docker_host_was_set || !given.docker_host.empty();
  if (!take_environment(loaded->values, docker_host_set, io)) return exit_bad_configuration;
  return run_server(loaded->values, given.log_level, io);
}

/// Whether the TLS files can be used, where they are set. False after a complaint.
bool check_tls_files(const config::settings& values, console io) {
  if (values.tls.certificate.empty()) return true;
  const auto loaded = net::load_tls_context(values.tls.certificate, values.tls.private_key);
  if (!loaded) {
    io.err << loaded.error() << '\n';
    return false;
  }
  for (const auto& warning : loaded->warnings) io.err << "warning: " << warning << '\n';
  return true;
}

int check_config(const std::string& file, console io) {
  auto loaded = load_settings(file, io);
  if (!loaded || !take_environment(loaded->values, loaded->docker_host_was_set, io)) {
    return exit_bad_configuration;
  }
  if (!check_tls_files(loaded->values, io)) return exit_bad_configuration;
  io.out << config::print_effective(loaded->values);
  return exit_fine;
}

}  // namespace

void add_server_commands(CLI::App& root, int& exit_code, console io) {
  auto given = std::make_shared<serve_options>();
  auto& run = *root.add_subcommand("serve", "run the server");
  run.add_option("--config", given->config_file, "configuration file (YAML)")->type_name("FILE");
  run.add_option("--listen", given->listen, "address to listen on; port 0 takes a free one")
      ->type_name("HOST:PORT");
  run.add_option("--data-dir", given->data_dir, "database and deploy transcripts")
      ->type_name("DIR");
  run.add_option("--apps-dir", given->apps_dir, "one folder an app, with its compose file")
      ->type_name("DIR");
  run.add_option("--docker-host", given->docker_host, "the Docker Engine: unix:// or tcp://")
      ->type_name("URL");
  run.add_option("--log-level", given->log_level, "least severe messages to log")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->type_name("LEVEL");
  run.callback([&exit_code, io, given] { exit_code = serve(*given, io); });

  auto file = std::make_shared<std::string>();
  auto& check = *root.add_subcommand(
      "check-config", "print the effective configuration, or every error in the file");
  check.add_option("--config", *file, "configuration file (YAML)")->type_name("FILE");
  check.callback([&exit_code, io, file] { exit_code = check_config(*file, io); });
}

}  // namespace spillway::app
