#include "net/access_log.hpp"

#include <spdlog/spdlog.h>

#include <string>

#include "protocol/redacted.hpp"

namespace spillway::net {
namespace {

constexpr std::size_t max_logged = 200;

/// What a client wrote, cut, without tokens and without anything that could pass for another line.
std::string printable(std::string_view text) {
  std::string out = protocol::redacted(text.substr(0, max_logged));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (text.size() > max_logged) out += "...";
  return out;
}

}  // namespace

void log_handled(std::string_view method, std::string_view path,
                 std::chrono::steady_clock::duration took) {
  auto milliseconds = std::chrono::duration<double, std::milli>(took).count();
  spdlog::info("[api] handled {} {} in {:.1f}ms", printable(method), printable(path), milliseconds);
}

void log_opened(std::string_view path, std::string_view user) {
  spdlog::info("[ws] opened {} for {}", printable(path), printable(user));
}

void log_logged_in(const boost::asio::ip::address& client, std::string_view user) {
  spdlog::info("[auth] login from {} as {}", client.to_string(), printable(user));
}

void log_failed_login(const boost::asio::ip::address& client, std::string_view user) {
  spdlog::warn("[auth] failed login from {} as {}", client.to_string(), printable(user));
}

void log_locked_out(const boost::asio::ip::address& client, std::string_view user,
                    std::chrono::seconds how_long) {
  spdlog::warn("[auth] locked out for {}s from {}: {}", how_long.count(), client.to_string(),
               printable(user));
}

}  // namespace spillway::net
