#include "sim/commands.hpp"

#include <memory>
#include <ostream>

#include "config/size.hpp"
#include "protocol/duration.hpp"
#include "sim/host/compose_command.hpp"
#include "sim/host/container_init.hpp"
#include "sim/host/host_command.hpp"

namespace spillway::sim {

namespace {

/// Options as they were given, before they mean something.
struct given_host {
  host_options options;
  std::string line_bytes = "80..200";
  std::string burst = "random";
  std::string faults = "none";
  std::string compose_duration = "0s";
  std::string log_bytes = "1MiB";
  std::string script_log_bytes = "32MiB";
  std::uint64_t seed = 0;
};

bool wrong(console io, const std::string& why) {
  io.err << "spillway-sim host: " << why << '\n';
  return false;
}

bool read_size(const std::string& name, const std::string& text, std::size_t& into, console io) {
  const auto size = config::parse_size(text);
  if (!size || *size < 128 * 1024 || *size > (1ULL << 34U)) {
    return wrong(io, name + ": '" + text + "' is no size from 128KiB to 16GiB, such as 1MiB");
  }
  into = *size;
  return true;
}

bool understand(given_host& given, console io) {
  host_options& options = given.options;
  const auto length = parse_length_model(given.line_bytes);
  if (!length) return wrong(io, "--line-bytes: " + length.error());
  const auto burst = parse_burst_model(given.burst);
  if (!burst) return wrong(io, "--burst: " + burst.error());
  auto faults = load_faults(given.faults);
  if (!faults) return wrong(io, "--faults: " + faults.error());
  const auto duration = protocol::parse_duration(given.compose_duration);
  if (!duration) {
    return wrong(io, "--compose-duration: '" + given.compose_duration +
                         "' is no duration: write 500ms, 3s or 1m");
  }
  options.model.length = *length;
  options.model.burst = *burst;
  options.faults = std::move(*faults);
  options.compose_duration = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
  return read_size("--log-bytes", given.log_bytes, options.log_bytes, io) &&
         read_size("--script-log-bytes", given.script_log_bytes, options.script_log_bytes, io);
}

void add_host(CLI::App& root, int& exit_code, console io) {
  auto* const command = root.add_subcommand(
      "host",
      "a simulated Docker host: the Engine API on a Unix socket, containers that are actors");
  auto given = std::make_shared<given_host>();
  host_options& options = given->options;
  command->add_option("--socket", options.socket, "the Unix socket to listen on")
      ->type_name("PATH")
      ->required();
  command->add_option("--apps", options.apps, "apps that there are from the beginning (3)")
      ->check(CLI::Range(0U, 100'000U));
  command->add_option("--services", options.services, "services of each (1)")
      ->check(CLI::Range(1U, 1'000U));
  command->add_option("--replicas", options.replicas, "containers of each service (1)")
      ->check(CLI::Range(1U, 1'000U));
  command
      ->add_option("--lines-per-second", options.model.lines_per_second,
                   "of each container, on average (1)")
      ->check(CLI::Range(0.0, 1'000'000.0));
  command->add_option("--line-bytes", given->line_bytes,
                      "how long lines are: 120, 40..2000, or mixed (80..200)");
  command->add_option("--burst", given->burst,
                      "how they come: even, random, or so many at once (random)");
  command->add_option("--stderr-share", options.model.error_share, "lines to stderr (0.1)")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--tty-share", options.tty_share, "containers with a terminal (0)")
      ->check(CLI::Range(0.0, 1.0));
  auto* const seed =
      command->add_option("--seed", given->seed, "where all that is random comes from");
  command->add_option("--faults", given->faults, "none, mild, hostile or a file, see below (none)");
  command->add_option("--speed", options.speed, "times between faults are divided by it (1)")
      ->check(CLI::Range(0.001, 1000.0));
  command->add_option("--compose-duration", given->compose_duration,
                      "how long a compose command takes (0s)");
  command
      ->add_option("--deploy-lines", options.deploy_lines,
                   "numbered lines that compose up prints (0)")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{10'000'000}));
  command->add_option("--directory", options.directory,
                      "where containers' folders are; one in /tmp unless given");
  command->add_option("--apps-dir", options.apps_directory,
                      "gets a folder with a compose file for each app, as a server's apps_dir");
  command->add_option("--project-prefix", options.project_prefix,
                      "compose project = prefix and slug (simpledeploy-)");
  command->add_option("--image", options.images, "an image that is there, again for another");
  command->add_option("--log-bytes", given->log_bytes, "kept of a modelled container's log (1MiB)");
  command->add_option("--script-log-bytes", given->script_log_bytes,
                      "kept of a scripted container's log (32MiB)");
  command->add_option("--journal", options.journal, "gets a line of JSON for each fault");
  command->add_option("--ground-truth", options.ground_truth,
                      "gets at the end what every container printed, as GET /sim/containers tells");
  command->add_option("--threads", options.threads, "that run sockets and actors (2)")
      ->check(CLI::Range(1U, 256U));
  command->footer(fault_help());
  command->callback([given, seed, &exit_code, io] {
    if (seed->count() > 0) given->options.seed = given->seed;
    exit_code = understand(*given, io) ? run_host(given->options, io) : exit_usage;
  });
}

void add_compose(CLI::App& root, int& exit_code, console io) {
  auto* const command = root.add_subcommand(
      "compose", "stands in for docker-compose on a simulated host: options and commands as there");
  auto given = std::make_shared<compose_invocation>();
  auto duration = std::make_shared<std::string>();
  command->add_option("--socket", given->socket, "the host's socket; DOCKER_HOST unless given");
  command->add_option("--duration", *duration, "how long the command takes");
  command->prefix_command();
  command->callback([command, given, duration, &exit_code, io] {
    given->words = command->remaining();
    if (!duration->empty()) {
      const auto parsed = protocol::parse_duration(*duration);
      if (!parsed) {
        io.err << "--duration: '" << *duration << "' is no duration: write 500ms, 3s or 1m\n";
        exit_code = exit_usage;
        return;
      }
      given->duration = std::chrono::duration_cast<std::chrono::milliseconds>(*parsed);
    }
    exit_code = run_compose(*given, io);
  });
}

/// For script_process alone.
void add_init(CLI::App& root) {
  auto* const command = root.add_subcommand(init_command, "");
  command->group("");
  auto spec = std::make_shared<script_spec>();
  auto apart = std::make_shared<bool>(false);
  command->add_option("--root", spec->root)->required();
  command->add_option("--tools", spec->tools)->required();
  command->add_option("--hostname", spec->host_name)->required();
  command->add_option("--directory", spec->working_directory);
  command->add_flag("--tty", spec->tty);
  command->add_flag("--apart", *apart);
  command->add_option("words", spec->words)->required();
  command->callback([spec, apart] {
    for (char** each = environ; *each != nullptr; ++each) spec->environment.emplace_back(*each);
    spec->apart = *apart ? isolation::full : isolation::none;
    run_container_init(*spec);
  });
}

}  // namespace

void add_host_commands(CLI::App& root, int& exit_code, console io) {
  add_host(root, exit_code, io);
  add_compose(root, exit_code, io);
  add_init(root);
}

}  // namespace spillway::sim
