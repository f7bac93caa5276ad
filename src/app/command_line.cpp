#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <ostream>
#include <utility>

#include "app/client_commands.hpp"
#include "app/exit_codes.hpp"
#include "app/serve_command.hpp"
#include "protocol/redacted.hpp"

namespace spillway::app {

int run_command_line(std::vector<std::string> arguments, console io) {
  CLI::App root{
      "Shows many people, live, what a Docker Compose host is doing: the output of "
      "deploys, the logs of containers, and the server's own log."};
  root.name("spillway");
  root.set_version_flag("--version", "spillway " SPILLWAY_VERSION);
  root.require_subcommand(1);
  int exit_code = exit_fine;
  add_server_commands(root, exit_code, io);
  add_user_commands(root, exit_code, io);
  add_client_commands(root, exit_code, io);
  if (!arguments.empty() && !arguments[0].starts_with('-') &&
      root.get_subcommands([&](CLI::App* each) { return each->check_name(arguments[0]); })
          .empty()) {
    io.err << "spillway: there is no command " << protocol::redacted(arguments[0].substr(0, 100))
           << ": `spillway --help` lists them\n";
    return exit_usage;
  }
  // As CLI11 takes them.
  std::reverse(arguments.begin(), arguments.end());
  try {
    root.parse(std::move(arguments));
  } catch (const CLI::ParseError& e) {
    return root.exit(e, io.out, io.err) == 0 ? exit_fine : exit_usage;
  } catch (const std::exception& e) {
    io.err << "spillway: " << e.what() << '\n';
    return exit_failure;
  }
  return exit_code;
}

}  // namespace spillway::app
