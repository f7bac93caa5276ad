#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "sim/commands.hpp"

int main(int argc, char** argv) {
  using namespace spillway::sim;
  CLI::App root{
      "A simulated Docker host and simulated viewers, to try a Spillway server with: what it does "
      "when thousands watch and the engine misbehaves."};
  root.name("spillway-sim");
  root.set_version_flag("--version", "spillway-sim " SPILLWAY_VERSION);
  root.require_subcommand(1);
  int exit_code = exit_fine;
  const console io{std::cout, std::cerr};
  add_host_commands(root, exit_code, io);
  add_viewer_commands(root, exit_code, io);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return root.exit(e) == 0 ? exit_fine : exit_usage;
  } catch (const std::exception& e) {
    io.err << "spillway-sim: " << e.what() << '\n';
    return exit_failure;
  }
  return exit_code;
}
