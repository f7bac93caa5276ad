#include "sim/viewers/crowd_scene.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/url.hpp>

#include "sim/viewers/rest_client.hpp"

namespace spillway::sim {

namespace {

/// Files that a run has open beside its viewers' sockets: at least, and with floods of rude ones.
constexpr std::size_t other_files = 300;
constexpr std::size_t wished_files = 4'000;

rest_answer ask(const server_place& server, const crowd_plan& plan, const std::string& path) {
  return call_and_wait(server, {"GET", path, {}, plan.token, {}});
}

std::string why_not(const rest_answer& answer, const std::string& what) {
  if (answer.status == 0) {
    return fmt::format("the server did not answer ({}): does it run at --url?", answer.text);
  }
  if (answer.status == 401) return "the server does not accept the token: is it of this server?";
  return fmt::format("the server answered {} to {}", answer.summary(), what);
}

tl::expected<std::vector<std::string>, std::string> names_in(const rest_answer& answer,
                                                             const char* key,
                                                             const std::string& what) {
  if (!answer.good()) return tl::unexpected(why_not(answer, what));
  std::vector<std::string> names;
  for (const auto& each : answer.json()) {
    if (each.is_object() && each.contains(key) && each[key].is_string()) {
      names.push_back(each[key].get<std::string>());
    }
  }
  return names;
}

tl::expected<std::vector<std::string>, std::string> apps_to_watch(const crowd_plan& plan,
                                                                  const server_place& server) {
  if (!plan.apps.empty()) return plan.apps;
  auto found = names_in(ask(server, plan, "/api/apps"), "Slug", "GET /api/apps");
  if (found && found->empty()) {
    return tl::unexpected(
        std::string("the server lists no app that this token may see: name some by --apps"));
  }
  return found;
}

std::vector<std::string> services_to_watch(const crowd_plan& plan, const server_place& server,
                                           const std::string& app) {
  if (!plan.services.empty()) return plan.services;
  const auto path = "/api/apps/" + app + "/services";
  auto found = names_in(ask(server, plan, path), "service", "GET " + path);
  // One that is not deployed, or an engine that is away for now: the default of the streams.
  if (!found || found->empty()) return {"web"};
  return *found;
}

}  // namespace

tl::expected<server_place, std::string> find_server(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()) {
    return tl::unexpected(fmt::format("--url '{}' is no http://HOST:PORT", url));
  }
  const std::string port(parsed->has_port() ? std::string(parsed->port()) : "80");
  boost::asio::io_context io(1);
  boost::asio::ip::tcp::resolver resolver(io);
  boost::system::error_code error;
  const std::string host(parsed->host_address());
  const auto found = resolver.resolve(host, port, error);
  if (error || found.empty()) {
    return tl::unexpected(
        fmt::format("the host of --url '{}' is not known: {}", url, error.message()));
  }
  return server_place{found.begin()->endpoint(), std::string(parsed->encoded_host()) + ":" + port};
}

tl::expected<std::vector<watched_stream>, std::string> find_streams(const crowd_plan& plan,
                                                                    const server_place& server) {
  std::vector<watched_stream> streams;
  const auto add = [&](stream_kind kind, const std::string& app, const std::string& service) {
    streams.push_back({kind, app, service, streams.size()});
  };
  // Asked also where all is named: what is wrong with the token or the address shows here.
  if (const auto me = ask(server, plan, "/api/me"); !me.good()) {
    return tl::unexpected(why_not(me, "GET /api/me"));
  }
  const auto apps = apps_to_watch(plan, server);
  if (!apps) return tl::unexpected(apps.error());
  for (const auto& app : *apps) {
    for (const auto& service : services_to_watch(plan, server, app))
      add(stream_kind::logs, app, service);
    add(stream_kind::deploy_logs, app, {});
  }
  add(stream_kind::process_logs, {}, {});
  return streams;
}

std::string make_room_for(std::size_t viewers) {
  const rlim_t needed = viewers + other_files;
  const rlim_t wished = viewers + wished_files;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wished) return {};
  const rlimit raised{wished, std::max(wished, limit.rlim_max)};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) return {};
  // Not as root: as far as it goes.
  limit.rlim_cur = std::min(wished, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return {};
  return fmt::format(
      "{} viewers need {} open files, and this user may have {}: raise the hard "
      "limit (ulimit -Hn {}) or lower --count",
      viewers, needed, limit.rlim_cur, needed);
}

}  // namespace spillway::sim
