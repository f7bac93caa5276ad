#include "system/http_client.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <cstring>
#include <functional>
#include <optional>

#include "system/tls_client.hpp"

namespace spillway::system_test {

namespace http = boost::beast::http;

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The peer may answer before it has read everything, so a failed write is not the end.
void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// The next bytes, empty at the connection's end; nothing where none come in time.
using receiver = std::function<std::optional<std::string>()>;

receiver receiver_on(int fd, std::chrono::steady_clock::time_point deadline) {
  return [fd, deadline]() -> std::optional<std::string> {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd ready{fd, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0) return {};
    std::string bytes(65536, '\0');
    const auto count = ::recv(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  };
}

http_response read_response(const receiver& receive) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(256U << 20);
  std::string pending;
  boost::beast::error_code error;
  while (!parser.is_done()) {
    const auto more = receive();
    if (!more) return {0, {}, "no answer in time, received: " + pending};
    if (more->empty()) {
      parser.put_eof(error);
      if (error || !parser.is_done()) return {0, {}, "cut off, received: " + pending};
      break;
    }
    pending += *more;
    while (!pending.empty() && !parser.is_done()) {
      const auto used = parser.put(boost::asio::buffer(pending), error);
      pending.erase(0, used);
      if (error == http::error::need_more || used == 0) break;
      if (error) return {0, {}, "not HTTP: " + error.message()};
    }
  }
  http_response result{parser.get().result_int(), {}, parser.get().body()};
  for (const auto& field : parser.get())
    result.headers[lower(std::string(field.name_string()))] = std::string(field.value());
  return result;
}

}  // namespace

std::string address::authority() const {
  return unix_path.empty() ? host + ":" + std::to_string(port) : "localhost";
}

address parse_engine_url(std::string_view url) {
  if (url.starts_with("unix://")) return {std::string(url.substr(7)), {}, 0};
  url.remove_prefix(std::min(url.size(), std::string_view("tcp://").size()));
  const auto colon = url.rfind(':');
  return {{},
          std::string(url.substr(0, colon)),
          static_cast<std::uint16_t>(std::stoi(std::string(url.substr(colon + 1))))};
}

int connect_to(const address& where, int receive_buffer_bytes) {
  int fd = -1;
  int result = -1;
  if (where.unix_path.empty()) {
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    // Before it connects: the window is agreed on then.
    if (receive_buffer_bytes)
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    to.sin_port = htons(where.port);
    inet_pton(AF_INET, where.host.c_str(), &to.sin_addr);
    result = connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  } else {
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, where.unix_path.c_str(), sizeof to.sun_path - 1);
    result = connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
  // A peer that takes nothing must not hold the test.
  const timeval limit{30, 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (result == 0) return fd;
  close(fd);
  return -1;
}

std::string http_response::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

nlohmann::json http_response::json() const {
  return nlohmann::json::parse(body, nullptr, false);
}

http_response raw_exchange(const address& where, std::string_view bytes,
                           std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  if (where.tls) {
    tls_client client(where);
    if (!client.connected()) return {0, {}, client.error()};
    client.send(bytes);
    return read_response([&] { return client.receive(); });
  }
  const int fd = connect_to(where);
  if (fd < 0) return {0, {}, "cannot connect"};
  send_all(fd, bytes);
  auto result = read_response(receiver_on(fd, until));
  close(fd);
  return result;
}

http_client::http_client(address where, http_headers headers)
    : where_(std::move(where)), headers_(std::move(headers)) {}

http_response http_client::get(const std::string& target, const http_headers& more) const {
  return send("GET", target, "", more);
}

http_response http_client::post(const std::string& target, const nlohmann::json& body) const {
  return send("POST", target, body.is_null() ? "" : body.dump());
}

http_response http_client::remove(const std::string& target) const {
  return send("DELETE", target, "");
}

http_response http_client::send(const std::string& method, const std::string& target,
                                const std::string& body, const http_headers& more) const {
  auto all = headers_;
  for (const auto& [name, value] : more) all[name] = value;
  std::string bytes = method + " " + target + " HTTP/1.1\r\nHost: " + where_.authority() + "\r\n";
  for (const auto& [name, value] : all)
    bytes.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty()) bytes += "Content-Type: application/json\r\n";
  if (!body.empty() || method == "POST")
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  bytes += "Connection: close\r\n\r\n";
  return raw_exchange(where_, bytes + body);
}

}  // namespace spillway::system_test
