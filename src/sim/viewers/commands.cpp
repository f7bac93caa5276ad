#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "protocol/duration.hpp"
#include "sim/commands.hpp"
#include "sim/seed.hpp"
#include "sim/viewers/crowd_run.hpp"

namespace spillway::sim {

namespace {

/// What the command line says, before it is understood.
struct viewer_arguments {
  crowd_plan plan;
  std::string token_file;
  std::string duration = "60s";
  std::string mix = "steady=70,slow=10,stuck=5,rude=5,flapping=8,revoked=2";
  std::string streams = "logs=80,deploy-logs=15,process-logs=5";
  std::string stall_timeout = "60s";
  std::string flap_every = "6s";
  std::string stuck_for = "20s";
  std::string most_lag = "30s";
  std::string revoke_after = "10s";
};

/// Throws what CLI11 reports as a wrong option.
[[noreturn]] void bad_option(const std::string& option, const std::string& what) {
  throw CLI::ValidationError(option, what);
}

std::chrono::nanoseconds duration_option(const std::string& option, const std::string& text) {
  const auto parsed = protocol::parse_duration(text);
  if (!parsed || parsed->count() == 0) {
    bad_option(option, "'" + text + "' is no duration: write 500ms, 30s, 5m or 1h30m");
  }
  return *parsed;
}

template <class Kind>
mix<Kind> mix_option(const std::string& option, const std::string& text,
                     std::span<const kind_name<Kind>> names) {
  auto parsed = mix<Kind>::parse(text, names);
  if (!parsed) bad_option(option, parsed.error());
  return *parsed;
}

std::string first_word_of(const std::string& file) {
  std::ifstream in(file);
  std::string word;
  if (!(in >> word)) bad_option("--token-file", "cannot read a token from " + file);
  return word;
}

crowd_plan understood(viewer_arguments given) {
  auto& plan = given.plan;
  if (!given.token_file.empty()) plan.token = first_word_of(given.token_file);
  if (plan.token.empty()) {
    bad_option("--token-file", "an admin's token is needed: give its file, or SPILLWAY_TOKEN");
  }
  plan.duration = duration_option("--duration", given.duration);
  plan.stall_timeout = duration_option("--stall-timeout", given.stall_timeout);
  plan.flap_every = duration_option("--flap-every", given.flap_every);
  plan.stuck_for = duration_option("--stuck-for", given.stuck_for);
  plan.revoke_after = duration_option("--revoke-after", given.revoke_after);
  plan.most_lag = duration_option("--most-lag", given.most_lag);
  plan.behaviours = mix_option<behaviour>("--mix", given.mix, behaviour_names).spread(plan.count);
  plan.streams = mix_option<stream_kind>("--streams", given.streams, stream_names);
  if (plan.arrivals_per_second <= 0) {
    // All are there after ten seconds.
    plan.arrivals_per_second = std::max(50.0, static_cast<double>(plan.count) / 10);
  }
  return std::move(plan);
}

void add_crowd_options(CLI::App& command, viewer_arguments& to) {
  auto& plan = to.plan;
  command.add_option("--url", plan.url, "Where the server is: http://HOST:PORT")
      ->required()
      ->envname("SPILLWAY_URL");
  command.add_option("--count", plan.count, "How many viewers")
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  command.add_option("--token-file", to.token_file,
                     "File with an admin's token; without it SPILLWAY_TOKEN counts");
  command.add_option("--apps", plan.apps, "Apps to watch; otherwise those that the server lists")
      ->delimiter(',');
  command
      .add_option("--service", plan.services,
                  "Services whose logs are watched; otherwise those that each app has")
      ->delimiter(',');
  command.add_option("--duration", to.duration, "How long, such as 60s or 1h")
      ->capture_default_str();
  command.add_option("--mix", to.mix, "How many of each behaviour, as shares")
      ->capture_default_str();
  command.add_option("--streams", to.streams, "How many watch each kind of stream, as shares")
      ->capture_default_str();
  command.add_option("--arrivals-per-second", plan.arrivals_per_second,
                     "How many come a second; otherwise all within ten seconds");
  command.add_option("--lines", plan.enough_lines, "The run ends once so many lines were checked");
  command.add_flag("--stop-at-first", plan.stop_at_first,
                   "The run ends with the first broken invariant");
  command.add_option("--seed", plan.seed, "Of everything random; otherwise one is drawn");
  command.add_option("--threads", plan.threads, "Threads that run the viewers")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
}

void add_behaviour_options(CLI::App& command, viewer_arguments& to) {
  auto& plan = to.plan;
  command
      .add_option("--compressed", plan.compressed_percent,
                  "Percent of the viewers that offer permessage-deflate")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  command
      .add_option("--slow-rate", plan.slow_bytes_per_second,
                  "Bytes that a slow viewer reads a second")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000'000));
  command
      .add_option("--stall-timeout", to.stall_timeout,
                  "The server's stream.stall_timeout, if it is another than the default")
      ->capture_default_str();
  command.add_option("--flap-every", to.flap_every, "How long a flapping viewer stays, on average")
      ->capture_default_str();
  command
      .add_option("--stuck-for", to.stuck_for,
                  "How long a stuck viewer stops reading, if not for ever")
      ->capture_default_str();
  command
      .add_option("--backoff-scale", plan.backoff_scale,
                  "Of the times before a viewer comes back: 1 are the reference's")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 100.0));
  command
      .add_option("--deploys-per-minute", plan.deploys_per_minute,
                  "Restarts and pulls that the simulation asks for itself")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 60'000.0));
  command
      .add_option("--most-lag", to.most_lag,
                  "How far a viewer that reads may be behind others of its log")
      ->capture_default_str();
  command
      .add_option("--revoke-after", to.revoke_after,
                  "When access is taken from a viewer who is there to lose it, on average")
      ->capture_default_str();
  command.add_flag("--allow-1011", plan.allow_1011,
                   "Sources may fail: the close of a log with 1011, after its frame, breaks no "
                   "invariant");
  command.add_flag("--allow-limits", plan.allow_limits,
                   "There are more viewers than the server has room for: 429 and 503 break no "
                   "invariant");
}

void add_report_options(CLI::App& command, viewer_arguments& to) {
  auto& plan = to.plan;
  command.add_option("--watch-pid", plan.watch_pid,
                     "The server's process: its memory, descriptors and threads are plotted");
  command.add_option("--faults-journal", plan.faults_journal,
                     "The simulated host's --journal: its faults are marked in the plots, and what "
                     "its containers printed is held against what viewers got");
  command.add_option("--json", plan.json_file, "File for the report as JSON");
  command.add_option("--html", plan.html_file, "File for the report as one page");
  command.add_option("--plots", plan.plots_folder, "Folder for the plots as SVG files");
  command.add_flag("--quiet", plan.quiet, "A line every ten seconds, also on a terminal");
}

}  // namespace

void add_viewer_commands(CLI::App& root, int& exit_code, console io) {
  auto* const command = root.add_subcommand(
      "viewers",
      "Thousands of viewers that check what they are sent: each line once, in order, and every "
      "loss told. Exit code 1 where the server broke a promise.");
  const auto given = std::make_shared<viewer_arguments>();
  add_crowd_options(*command, *given);
  add_behaviour_options(*command, *given);
  add_report_options(*command, *given);
  command->callback([command, given, &exit_code, io] {
    if (command->count("--seed") == 0) given->plan.seed = any_seed();
    if (const char* const token = std::getenv("SPILLWAY_TOKEN")) given->plan.token = token;
    auto plan = understood(std::move(*given));
    io.out << "seed " << plan.seed << '\n' << std::flush;
    exit_code = run_crowd(std::move(plan), io);
  });
}

}  // namespace spillway::sim
