#include "config/settings_table.hpp"

#include <algorithm>

#include "config/docker_host.hpp"
#include "config/endpoint.hpp"
#include "config/origin.hpp"
#include "config/setting_kinds.hpp"

namespace spillway::config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t operator""_KiB(unsigned long long count) {
  return count << 10;
}
constexpr std::size_t operator""_MiB(unsigned long long count) {
  return count << 20;
}
constexpr std::size_t operator""_GiB(unsigned long long count) {
  return count << 30;
}

constexpr std::uint32_t max_threads = 256;
constexpr std::size_t max_prefix_size = 64;

setting listen_setting() {
  return scalar_setting(
      {"listen", "HOST:PORT, an IPv6 address in brackets",
       "Address of the HTTP and WebSocket listener; port 0 takes a free one."},
      [](auto& s) -> auto& { return s.listen; }, parse_endpoint,
      [](const endpoint& value) { return yaml_text(format_endpoint(value)); });
}

enum class may_be_empty : bool { no, yes };

template <class Get>
setting path_setting(std::string key, Get get, std::string meaning,
                     may_be_empty empty = may_be_empty::no) {
  return scalar_setting(
      {std::move(key), empty == may_be_empty::yes ? "a path or empty" : "a path",
       std::move(meaning)},
      get,
      [empty](const std::string& text) -> std::optional<std::string> {
        if (text.empty() && empty == may_be_empty::no) return std::nullopt;
        if (text.find('\0') != std::string::npos) return std::nullopt;
        return text;
      },
      [](const std::filesystem::path& value) { return yaml_text(value.native()); });
}

setting allowed_origins_setting() {
  auto read = [](settings& target, const YAML::Node& node) -> tl::expected<void, bad_value> {
    auto texts = read_texts(node);
    if (!texts) return tl::unexpected{texts.error()};
    std::vector<std::string> origins;
    for (const YAML::Node& element : node) {
      auto origin = normalised_origin(element.Scalar());
      if (!origin) return tl::unexpected{describe_bad_value(element)};
      origins.push_back(*origin);
    }
    target.allowed_origins = origins;
    return {};
  };
  return {"allowed_origins",
          "a list of origins, each scheme://host or scheme://host:port without wildcards",
          "Origins whose pages may open streams, beside the server's own.", read,
          [](const settings& s) { return yaml_list(s.allowed_origins); }};
}

setting trusted_proxies_setting() {
  auto read = [](settings& target, const YAML::Node& node) -> tl::expected<void, bad_value> {
    auto texts = read_texts(node);
    if (!texts) return tl::unexpected{texts.error()};
    std::vector<address_range> ranges;
    for (const YAML::Node& element : node) {
      auto range = address_range::parse(element.Scalar());
      if (!range) return tl::unexpected{describe_bad_value(element)};
      ranges.push_back(*range);
    }
    target.trusted_proxies = ranges;
    return {};
  };
  auto print = [](const settings& s) {
    std::vector<std::string> texts;
    for (const auto& range : s.trusted_proxies) texts.push_back(range.text());
    return yaml_list(texts);
  };
  return {"trusted_proxies", "a list of addresses or networks such as 10.0.0.0/8",
          "Reverse proxies whose X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host count.",
          read, print};
}

template <class Get>
setting rate_setting(std::string key, Get get, std::string word, std::string meaning) {
  return scalar_setting(
      {std::move(key),
       fmt::format("a number from 1 to 1000000{}, a slash and a duration from 1s to 1d",
                   word.empty() ? "" : " and the word " + word),
       std::move(meaning)},
      get, [word](std::string_view text) { return parse_rate(text, word); },
      [word](const rate& value) { return yaml_text(format_rate(value, word)); });
}

setting docker_host_setting() {
  return scalar_setting(
      {"docker.host", "unix:///PATH or tcp://HOST:PORT",
       "Where the Docker Engine listens; when this is not set, DOCKER_HOST from "
       "the environment counts."},
      [](auto& s) -> auto& { return s.docker.host; }, parse_docker_host,
      [](const std::string& value) { return yaml_text(value); });
}

setting compose_command_setting() {
  auto read = [](settings& target, const YAML::Node& node) -> tl::expected<void, bad_value> {
    if (node.IsScalar() && node.Scalar() == "auto") {
      target.docker.compose_command.clear();
      return {};
    }
    auto words = read_texts(node);
    if (!words) return tl::unexpected{words.error()};
    if (words->empty()) return tl::unexpected{bad_value{"an empty list", node.Mark().line + 1}};
    if (words->front().empty()) return tl::unexpected{describe_bad_value(node[0])};
    target.docker.compose_command = *words;
    return {};
  };
  auto print = [](const settings& s) {
    const auto& words = s.docker.compose_command;
    return words.empty() ? std::string{"auto"} : yaml_list(words);
  };
  return {"docker.compose_command",
          R"(auto or a list of a program and its arguments, such as ["docker", "compose"])",
          "The compose program; auto tries docker compose, then docker-compose.", read, print};
}

setting project_prefix_setting() {
  auto parse = [](const std::string& text) -> std::optional<std::string> {
    constexpr std::string_view alnum = "abcdefghijklmnopqrstuvwxyz0123456789";
    auto is_allowed = [&](char c) {
      return alnum.find(c) != std::string_view::npos || c == '_' || c == '-';
    };
    bool good_start = text.empty() || alnum.find(text.front()) != std::string_view::npos;
    if (!good_start || text.size() > max_prefix_size || !std::ranges::all_of(text, is_allowed)) {
      return std::nullopt;
    }
    return text;
  };
  return scalar_setting(
      {"docker.project_prefix",
       "at most 64 of a-z, 0-9, _ and -, the first a letter or digit, or empty",
       "The compose project of an app is this and the app's slug in lower case, dots as hyphens."},
      [](auto& s) -> auto& { return s.docker.project_prefix; }, parse,
      [](const std::string& value) { return yaml_text(value); });
}

setting threads_setting() {
  auto parse = [](std::string_view text) -> std::optional<std::uint32_t> {
    if (text == "auto") return 0;
    return parse_whole_number(text, 1, max_threads);
  };
  auto format = [](std::uint32_t value) {
    return value == 0 ? std::string{"auto"} : std::to_string(value);
  };
  return scalar_setting(
      {"threads", fmt::format("auto or a whole number from 1 to {}", max_threads),
       "Threads that run sockets and actors; auto is one a core."},
      [](auto& s) -> auto& { return s.threads; }, parse, format);
}

void add_server_settings(std::vector<setting>& table) {
  table.push_back(listen_setting());
  table.push_back(path_setting(
      "data_dir", [](auto& s) -> auto& { return s.data_dir; },
      "Folder of the database and the transcripts of deploys."));
  table.push_back(path_setting(
      "apps_dir", [](auto& s) -> auto& { return s.apps_dir; },
      "Folder with one folder an app: SLUG/docker-compose.yml."));
  table.push_back(allowed_origins_setting());
  table.push_back(trusted_proxies_setting());
  table.push_back(threads_setting());
}

void add_tls_settings(std::vector<setting>& table) {
  table.push_back(path_setting(
      "tls.certificate", [](auto& s) -> auto& { return s.tls.certificate; },
      "PEM file with the certificate and those that lead to its root; with tls.private_key it "
      "makes "
      "the listener speak HTTPS and WSS. Read again on SIGHUP.",
      may_be_empty::yes));
  table.push_back(path_setting(
      "tls.private_key", [](auto& s) -> auto& { return s.tls.private_key; },
      "PEM file with the certificate's private key, without a passphrase. Read again on SIGHUP.",
      may_be_empty::yes));
}

void add_docker_settings(std::vector<setting>& table) {
  table.push_back(docker_host_setting());
  table.push_back(compose_command_setting());
  table.push_back(path_setting(
      "docker.config_dir", [](auto& s) -> auto& { return s.docker.config_dir; },
      "Folder whose config.json holds the registry credentials that compose uses; empty for "
      "DOCKER_CONFIG from the environment, or .docker in the home of the server's user.",
      may_be_empty::yes));
  table.push_back(project_prefix_setting());
}

void add_deploy_settings(std::vector<setting>& table) {
  table.push_back(number_setting(
      "deploy.max_concurrent", [](auto& s) -> auto& { return s.deploy.max_concurrent; }, {1, 1'000},
      "Deploys that run at the same time; further ones wait in line."));
  table.push_back(duration_setting(
      "deploy.start_wait", [](auto& s) -> auto& { return s.deploy.start_wait; }, {0ms, 1h},
      "How long a viewer of deploy-logs waits for a deploy to start."));
  table.push_back(duration_setting(
      "deploy.recent_window", [](auto& s) -> auto& { return s.deploy.recent_window; }, {0ms, 24h},
      "A deploy that ended this recently is still replayed."));
  table.push_back(number_setting(
      "deploy.transcript_lines", [](auto& s) -> auto& { return s.deploy.transcript_lines; },
      {1, 10'000'000}, "Lines of one deploy kept in memory for replay, at most 16 MiB."));
  table.push_back(number_setting(
      "deploy.history", [](auto& s) -> auto& { return s.deploy.history; }, {1, 1'000},
      "Recorded deploys kept per app, with their transcripts."));
  table.push_back(size_setting(
      "deploy.history_size", [](auto& s) -> auto& { return s.deploy.history_size_bytes; },
      {1_MiB, 1'024_GiB},
      "Bytes of transcripts kept per app: older deploys are forgotten first, and a transcript that "
      "is longer by itself ends early."));
  table.push_back(number_setting(
      "deploy.versions", [](auto& s) -> auto& { return s.deploy.versions; }, {2, 1'000},
      "Compose files kept per app, the current one among them, for rollback."));
}

void add_log_settings(std::vector<setting>& table) {
  table.push_back(size_setting(
      "logs.ring_size", [](auto& s) -> auto& { return s.logs.ring_size_bytes; }, {4_KiB, 1_GiB},
      "Recent lines kept per watched container, in bytes."));
  table.push_back(duration_setting(
      "logs.linger", [](auto& s) -> auto& { return s.logs.linger; }, {0ms, 24h},
      "How long a container's log is still followed after its last viewer left."));
  table.push_back(size_setting(
      "logs.max_line", [](auto& s) -> auto& { return s.logs.max_line_bytes; }, {1_KiB, 16_MiB},
      "A longer line is cut and marked."));
  table.push_back(number_setting(
      "process_log.lines", [](auto& s) -> auto& { return s.process_log.lines; }, {1, 1'000'000},
      "Recent lines kept of the server's own output."));
}

void add_stream_settings(std::vector<setting>& table) {
  table.push_back(size_setting(
      "stream.window", [](auto& s) -> auto& { return s.stream.window_bytes; }, {4_KiB, 16_MiB},
      "The most bytes handed to one viewer's socket at a time."));
  table.push_back(duration_setting(
      "stream.read_deadline", [](auto& s) -> auto& { return s.stream.read_deadline; }, {1ms, 24h},
      "A client that is silent for this long is closed; pongs break the silence."));
  table.push_back(duration_setting(
      "stream.ping_interval", [](auto& s) -> auto& { return s.stream.ping_interval; }, {1ms, 24h},
      "How often the server sends a ping to each viewer; shorter than stream.read_deadline."));
  table.push_back(duration_setting(
      "stream.stall_timeout", [](auto& s) -> auto& { return s.stream.stall_timeout; }, {1ms, 24h},
      "A viewer whose socket takes no byte for this long is cut."));
  table.push_back(switch_setting(
      "stream.compression", [](auto& s) -> auto& { return s.stream.compression; },
      "Compressed streams (permessage-deflate) for clients that offer it."));
}

void add_limit_settings(std::vector<setting>& table) {
  table.push_back(number_setting(
      "limits.max_viewers", [](auto& s) -> auto& { return s.limits.max_viewers; }, {1, 10'000'000},
      "Open streams in all; past it the answer is 503."));
  table.push_back(number_setting(
      "limits.max_viewers_per_user", [](auto& s) -> auto& { return s.limits.max_viewers_per_user; },
      {1, 10'000'000}, "Open streams of one user; past it the answer is 429."));
  table.push_back(number_setting(
      "limits.max_connections_per_address",
      [](auto& s) -> auto& { return s.limits.max_connections_per_address; }, {1, 10'000'000},
      "Connections of one address that are no open streams, trusted proxies excepted; past it the "
      "answer is 429."));
  table.push_back(duration_setting(
      "limits.header_timeout", [](auto& s) -> auto& { return s.limits.header_timeout; }, {1ms, 1h},
      "How long a client may take to send one HTTP request."));
  table.push_back(size_setting(
      "limits.max_header", [](auto& s) -> auto& { return s.limits.max_header_bytes; },
      {1_KiB, 1_MiB}, "The most bytes of the header of one HTTP request."));
  table.push_back(size_setting(
      "limits.max_body", [](auto& s) -> auto& { return s.limits.max_body_bytes; }, {1_KiB, 1_GiB},
      "The most bytes of the body of one HTTP request."));
}

void add_remaining_settings(std::vector<setting>& table) {
  table.push_back(duration_setting(
      "auth.session_lifetime", [](auto& s) -> auto& { return s.auth.session_lifetime; },
      {1s, 24h * 3'650}, "How long a login lasts."));
  table.push_back(rate_setting(
      "auth.login_attempts", [](auto& s) -> auto& { return s.auth.login_attempts; }, "",
      "Logins that one address may try in so long; past it the answer is 429."));
  table.push_back(rate_setting(
      "auth.lockout", [](auto& s) -> auto& { return s.auth.lockout; }, "failures",
      "Failed logins as one user from one address after which that user is locked out there for "
      "so long; the answer is 429."));
  table.push_back(number_setting(
      "audit.records", [](auto& s) -> auto& { return s.audit.records; }, {1, 100'000'000},
      "Streams kept in the audit, the newest; see GET /api/system/audit."));
  table.push_back(duration_setting(
      "shutdown.grace", [](auto& s) -> auto& { return s.shutdown.grace; }, {0ms, 1h},
      "Time for closing handshakes and running deploys after SIGTERM."));
}

std::vector<setting> make_settings_table() {
  std::vector<setting> table;
  add_server_settings(table);
  add_tls_settings(table);
  add_docker_settings(table);
  add_deploy_settings(table);
  add_log_settings(table);
  add_stream_settings(table);
  add_limit_settings(table);
  add_remaining_settings(table);
  return table;
}

}  // namespace

std::string setting::section() const {
  std::size_t dot = key.find('.');
  return dot == std::string::npos ? std::string{} : key.substr(0, dot);
}

std::string setting::name() const {
  std::size_t dot = key.find('.');
  return dot == std::string::npos ? key : key.substr(dot + 1);
}

const std::vector<setting>& settings_table() {
  static const std::vector<setting> table = make_settings_table();
  return table;
}

}  // namespace spillway::config
