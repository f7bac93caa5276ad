#include "sim/host/compose_command.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <set>
#include <utility>

#include "sim/host/compose_project.hpp"
#include "sim/host/line_generator.hpp"
#include "sim/host/log_clock.hpp"
#include "sim/numbered_line.hpp"

namespace spillway::sim {

namespace {

/// The options of docker-compose that mean something here.
struct parsed_words {
  std::string project;
  std::vector<std::string> files;
  std::string project_directory;
  std::string env_file;
  std::string command;
  std::set<std::string> flags;
  std::map<std::string, std::string> values;
  std::vector<std::string> scales;
  std::vector<std::string> names;
};

using parsed = tl::expected<parsed_words, std::string>;

constexpr const char* known_commands =
    "config, pull, build, up, down, stop, start, restart, kill, rm, ps, scale, version";

/// Options that take a value, as `--name VALUE` or `--name=VALUE`.
bool takes_value(const std::string& option, bool before_command) {
  static const std::set<std::string> global{
      "-p",         "--project-name", "-f", "--file", "--ansi",     "--project-directory",
      "--env-file", "--profile",      "-H", "--host", "--progress", "--log-level"};
  static const std::set<std::string> local{"-t", "--timeout", "--scale", "-s", "--rmi", "--pull"};
  return before_command ? global.contains(option) : local.contains(option);
}

parsed parse_words(const std::vector<std::string>& words) {
  parsed_words made;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-') || word == "-") {
      if (made.command.empty()) {
        made.command = word;
      } else {
        made.names.push_back(word);
      }
      continue;
    }
    const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    const std::string option = word.substr(0, equals);
    const bool kill_signal = made.command == "kill" && option == "-s";
    if (!takes_value(option, made.command.empty()) && !kill_signal) {
      made.flags.insert(option);
      continue;
    }
    if (equals == std::string::npos && i + 1 == words.size()) {
      return tl::unexpected(option + " requires argument");
    }
    const std::string value = equals == std::string::npos ? words[++i] : word.substr(equals + 1);
    if (option == "-p" || option == "--project-name") {
      made.project = value;
    } else if (option == "-f" || option == "--file") {
      made.files.push_back(value);
    } else if (option == "--project-directory") {
      made.project_directory = value;
    } else if (option == "--env-file") {
      made.env_file = value;
    } else if (option == "--scale") {
      made.scales.push_back(value);
    } else {
      made.values[option] = value;
    }
  }
  return made;
}

/// Ctrl-C, as compose takes it; what the engine does already goes on.
extern "C" void abort_compose(int) {
  constexpr std::string_view text = "Aborting.\n";
  const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  ::_exit(written < 0 ? 2 : 1);
}

std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::string host_url(const compose_invocation& given) {
  if (!given.socket.empty()) {
    return given.socket.find("://") == std::string::npos ? "unix://" + given.socket : given.socket;
  }
  const char* const host = std::getenv("DOCKER_HOST");
  return host != nullptr && *host != '\0' ? host : "unix:///var/run/docker.sock";
}

/// As compose makes one of a folder's name.
std::string project_name(std::string folder) {
  std::string name;
  for (char& c : folder) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') name += c;
  }
  return name.empty() ? "default" : name;
}

/// One call of compose.
class invocation {
 public:
  invocation(const compose_invocation& given, parsed_words words, console io)
      : given_(given), words_(std::move(words)), io_(io), printer_(io.out, io.err) {}

  int run() {
    const std::string& command = words_.command;
    if (command == "version") {
      io_.out << "docker-compose version 1.29.2, build spillway-sim\n";
      return exit_fine;
    }
    static const std::set<std::string> all{"config", "pull",    "build", "up", "down", "stop",
                                           "start",  "restart", "kill",  "rm", "ps",   "scale"};
    if (!all.contains(command)) {
      io_.err << "No such command: " << command << "\n\nCommands: " << known_commands << '\n';
      return exit_failure;
    }
    if (!load()) return exit_failure;
    if (command == "config") return config();
    try {
      engine_.emplace(host_url(given_));
      return run_on_engine();
    } catch (const engine_unreachable& e) {
      io_.err << e.what()
              << "\n\nIf it's at a non-standard location, specify the URL with the "
                 "DOCKER_HOST environment variable.\n";
      return exit_failure;
    }
  }

 private:
  bool fail(const std::string& why) {
    io_.err << why << '\n';
    return false;
  }

  bool load() {
    namespace fs = std::filesystem;
    std::string path = words_.files.empty() ? "docker-compose.yml" : words_.files.front();
    if (words_.files.size() > 1) return fail("the simulated compose takes one file");
    if (words_.files.empty() && !fs::exists(path) && fs::exists("docker-compose.yaml")) {
      path = "docker-compose.yaml";
    }
    const auto text = read_whole(path);
    if (!text)
      return fail(".FileNotFoundError: [Errno 2] No such file or directory: '" + path + "'");
    place_.file = fs::absolute(path).lexically_normal().string();
    place_.folder = fs::path(place_.file).parent_path().string();
    if (!words_.project_directory.empty()) place_.folder = fs::absolute(words_.project_directory);
    place_.project = words_.project.empty()
                         ? project_name(fs::path(place_.folder).filename().string())
                         : words_.project;
    const auto env_file =
        words_.env_file.empty() ? fs::path(place_.folder) / ".env" : fs::path(words_.env_file);
    variables values = parse_env_file(read_whole(env_file).value_or(""));
    for (char** each = environ; *each != nullptr; ++each) {
      const std::string_view entry = *each;
      const auto equals = entry.find('=');
      values[std::string(entry.substr(0, equals))] = entry.substr(equals + 1);
    }
    auto file = parse_compose_file(*text, path, values);
    if (!file) return fail(file.error());
    file_ = std::move(*file);
    for (const std::string& warning : file_.warnings) fail(warning);
    for (const std::string& name : words_.names) {
      const std::string service = name.substr(0, name.find('='));
      const bool known = std::any_of(file_.services.begin(), file_.services.end(),
                                     [&](const auto& each) { return each.name == service; });
      if (!known) return fail("No such service: " + service);
    }
    return true;
  }

  int config() {
    if (words_.flags.contains("-q") || words_.flags.contains("--quiet")) return exit_fine;
    if (words_.flags.contains("--services")) {
      for (const auto& each : file_.services) io_.out << each.name << '\n';
    } else {
      io_.out << file_.content.dump(2) << '\n';
    }
    return exit_fine;
  }

  bool flag(const char* name, const char* other = "") const {
    return words_.flags.contains(name) || words_.flags.contains(other);
  }
  std::optional<int> timeout() const {
    for (const char* name : {"-t", "--timeout"}) {
      const auto found = words_.values.find(name);
      if (found != words_.values.end()) return std::atoi(found->second.c_str());
    }
    return std::nullopt;
  }

  int run_on_engine() {
    const auto settings = engine_->get("/sim/settings");
    if (!settings.good()) {
      fail("the engine is no simulated host: " + settings.message());
      return exit_failure;
    }
    lines_ = file_.deploys.lines.value_or(settings.body.value("deploy_lines", std::uint64_t{0}));
    if (words_.command != "up") lines_ = 0;
    set_pace(std::chrono::milliseconds(settings.body.value("compose_duration_ms", 0L)));
    for (compose_service& each : file_.services) use_defaults(each, settings.body);
    compose_project project(place_, file_, *engine_, printer_);
    const std::set<std::string> services(words_.names.begin(), words_.names.end());
    const std::string& command = words_.command;
    if (command == "up") return up(project, services);
    if (command == "scale") return scale(project);
    compose_images images(place_, file_, *engine_, printer_);
    if (command == "pull") return images.pull(services);
    if (command == "build") return images.build(services);
    if (command == "down") return project.down(flag("--remove-orphans"));
    if (command == "ps") return project.list(flag("-q", "--quiet"), services);
    if (command == "rm") return project.remove_stopped(services);
    if (command == "stop") return project.act("stop", "Stopping", services, timeout());
    if (command == "start") return project.act("start", "Starting", services, {});
    if (command == "restart") return project.act("restart", "Restarting", services, timeout());
    return project.act("kill", "Killing", services, {});
  }

  /// What a service does not say of its model, the host does.
  static void use_defaults(compose_service& of, const nlohmann::json& settings) {
    if (!of.container.contains("Sim")) return;
    nlohmann::ordered_json model = settings.value("usual_model", nlohmann::json::object());
    model.update(of.container["Sim"]);
    of.container["Sim"] = std::move(model);
  }

  void set_pace(std::chrono::nanoseconds time) {
    if (file_.deploys.seconds) {
      time = std::chrono::nanoseconds(static_cast<std::int64_t>(*file_.deploys.seconds * 1e9));
    }
    if (given_.duration) time = *given_.duration;
    printer_.set_pace(time, lines_ + file_.services.size());
  }

  bool read_scales(const std::vector<std::string>& given, up_options& into) {
    for (const std::string& each : given) {
      const auto equals = each.find('=');
      if (equals == std::string::npos || equals + 1 == each.size() ||
          each.find_first_not_of("0123456789", equals + 1) != std::string::npos ||
          each.size() - equals > 6) {
        return fail("Arguments to scale should be in the form service=num");
      }
      into.scales[each.substr(0, equals)] =
          static_cast<unsigned>(std::stoul(each.substr(equals + 1)));
    }
    return true;
  }

  int scale(compose_project& project) {
    printer_.say(
        "The scale command is deprecated. Use the up command with the --scale flag "
        "instead.");
    up_options options;
    options.no_recreate = true;
    if (!read_scales(words_.names, options)) return exit_failure;
    std::set<std::string> services;
    for (const auto& [name, count] : options.scales) services.insert(name);
    return project.up(options, services);
  }

  int up(compose_project& project, const std::set<std::string>& services) {
    if (!flag("-d", "--detach") && !flag("--no-start")) {
      fail("the simulated compose runs up with -d alone");
      return exit_failure;
    }
    up_options options;
    options.remove_orphans = flag("--remove-orphans");
    options.no_recreate = flag("--no-recreate");
    options.force_recreate = flag("--force-recreate");
    options.build = flag("--build");
    options.no_start = flag("--no-start");
    if (!read_scales(words_.scales, options)) return exit_failure;
    const auto begun = engine_->post("/sim/deploys?project=" + url_encoded(place_.project));
    const auto number =
        begun.good() ? begun.body.value("number", std::uint32_t{1}) : std::uint32_t{1};
    int code = print_lines(number);
    if (code == exit_fine) code = project.up(options, services);
    engine_->put(fmt::format("/sim/deploys?project={}&number={}&printed={}&exit_code={}",
                             url_encoded(place_.project), number, lines_, code));
    return code;
  }

  /// Numbered lines, all to standard output: between the two there is no order.
  int print_lines(std::uint32_t deploy) {
    static constexpr const char* doings[] = {"Pulling fs layer",   "Downloading",
                                             "Verifying Checksum", "Download complete",
                                             "Extracting",         "Pull complete"};
    draws from(seed_of(seed_of(deploy, place_.project), "deploy lines"));
    std::string text;
    for (std::uint64_t line = 1; line <= lines_; ++line) {
      printer_.step();
      text.clear();
      append_head(text, {deploy, line, wall_clock().time_since_epoch()});
      text += fmt::format("{:012x}: {}", from.bits() >> 16U, doings[from.below(6)]);
      printer_.answer(text);
    }
    if (!file_.deploys.fails || *file_.deploys.fails == 0) return exit_fine;
    printer_.say("\nERROR: simulated failure of this deploy");
    return *file_.deploys.fails;
  }

  const compose_invocation& given_;
  parsed_words words_;
  console io_;
  compose_printer printer_;
  compose_place place_;
  compose_file file_;
  std::optional<engine_client> engine_;
  std::uint64_t lines_ = 0;
};

}  // namespace

int run_compose(const compose_invocation& given, console io) {
  ::signal(SIGINT, abort_compose);
  ::signal(SIGPIPE, SIG_DFL);
  auto words = parse_words(given.words);
  if (!words) {
    io.err << words.error() << '\n';
    return exit_failure;
  }
  if (words->command.empty()) {
    io.err << "spillway-sim compose [--socket PATH] [-p PROJECT] [-f FILE] COMMAND\nCommands: "
           << known_commands << '\n';
    return exit_failure;
  }
  return invocation(given, std::move(*words), io).run();
}

}  // namespace spillway::sim
