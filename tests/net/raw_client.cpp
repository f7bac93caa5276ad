#include "net/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace spillway::net::testing {
namespace {

constexpr int patience_ms = 20'000;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

http_answer parse_head(std::string_view head) {
  http_answer answer;
  auto line_end = head.find("\r\n");
  answer.status = std::atoi(std::string(head.substr(0, line_end)).substr(9, 3).c_str());
  head.remove_prefix(line_end + 2);
  while (!head.empty()) {
    auto end = head.find("\r\n");
    auto line = head.substr(0, end);
    auto colon = line.find(": ");
    if (colon != std::string_view::npos) {
      answer.fields[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
    }
    head.remove_prefix(end + 2);
  }
  return answer;
}

}  // namespace

raw_client::raw_client(std::uint16_t port, int receive_buffer, transport over, const char* from) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, from, &address.sin_addr);
  if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot bind");
  }
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  if (over == transport::tls) {
    tls_.emplace();
    if (!shake()) throw std::runtime_error("no TLS");
  }
}

raw_client::~raw_client() {
  disconnect();
}

std::uint16_t raw_client::port() const {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.sin_port);
}

bool raw_client::shake() {
  while (send_raw(tls_->shake()) && !tls_->shaken()) {
    auto bytes = receive();
    if (bytes.empty()) return false;
    in_ += tls_->open(bytes);
    if (tls_->failed()) return false;
  }
  return true;
}

bool raw_client::send(std::string_view bytes) {
  return tls_ ? send_raw(tls_->seal(bytes)) : send_raw(bytes);
}

bool raw_client::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void raw_client::finish_sending() {
  ::shutdown(fd_, SHUT_WR);
}

void raw_client::disconnect() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void raw_client::reset() {
  linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  disconnect();
}

std::string raw_client::receive() {
  pollfd wanted{fd_, POLLIN, 0};
  if (::poll(&wanted, 1, patience_ms) <= 0) return {};
  std::string bytes(65536, '\0');
  auto n = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (n == 0) ended_cleanly_ = !tls_ || tls_->ended();
  bytes.resize(n <= 0 ? 0 : static_cast<std::size_t>(n));
  return bytes;
}

std::string raw_client::open(std::string_view bytes) {
  bool ended_before = tls_->ended();
  auto opened = tls_->open(bytes);
  if (tls_->ended() && !ended_before && answers_close_notify) send_raw(tls_->close_notify());
  return opened;
}

bool raw_client::fill() {
  auto before = in_.size();
  while (in_.size() == before) {
    auto bytes = receive();
    if (bytes.empty()) return false;
    in_ += tls_ ? open(bytes) : bytes;
    if (tls_ && tls_->failed()) return false;
  }
  return true;
}

bool raw_client::hears_within(int milliseconds) const {
  pollfd wanted{fd_, POLLIN, 0};
  return !in_.empty() || ::poll(&wanted, 1, milliseconds) > 0;
}

http_answer raw_client::read_answer(bool head) {
  std::size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  auto answer = parse_head(std::string_view(in_).substr(0, end + 2));
  in_.erase(0, end + 4);
  if (head || answer.status == 101 || answer.status == 100) return answer;
  auto length = static_cast<std::size_t>(std::atol(answer.fields["content-length"].c_str()));
  while (in_.size() < length) {
    if (!fill()) return {};
  }
  answer.body = in_.substr(0, length);
  in_.erase(0, length);
  return answer;
}

std::optional<ws_frame> raw_client::read_frame() {
  auto need = [this](std::size_t n) {
    while (in_.size() < n) {
      if (!fill()) return false;
    }
    return true;
  };
  auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(in_[i]); };
  if (!need(2)) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = byte(1) & 0x7f;
  if (length >= 126) {
    header = length == 126 ? 4 : 10;
    if (!need(header)) return std::nullopt;
    length = 0;
    for (std::size_t i = 2; i < header; ++i) length = length << 8 | byte(i);
  }
  if (!need(header + length)) return std::nullopt;
  ws_frame frame{static_cast<std::uint8_t>(byte(0) & 0x0f), in_.substr(header, length)};
  in_.erase(0, header + length);
  return frame;
}

std::optional<ws_close> raw_client::read_close() {
  while (auto frame = read_frame()) {
    if (frame->opcode != 8) continue;
    if (frame->payload.size() < 2) return ws_close{};
    auto high = static_cast<std::uint8_t>(frame->payload[0]);
    auto low = static_cast<std::uint8_t>(frame->payload[1]);
    return ws_close{static_cast<std::uint16_t>(high << 8 | low), frame->payload.substr(2)};
  }
  return std::nullopt;
}

bool raw_client::read_to_end() {
  for (;;) {
    pollfd wanted{fd_, POLLIN, 0};
    if (::poll(&wanted, 1, patience_ms) <= 0) return false;
    auto bytes = receive();
    if (bytes.empty()) return true;
    if (tls_) open(bytes);
  }
}

std::string client_frame(std::uint8_t opcode, std::string_view payload, bool fin) {
  std::string out;
  out.push_back(static_cast<char>((fin ? 0x80 : 0) | opcode));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(0x80 | payload.size()));
  } else if (payload.size() <= 0xffff) {
    out.push_back(static_cast<char>(0x80 | 126));
    for (int shift : {8, 0}) out.push_back(static_cast<char>(payload.size() >> shift & 0xff));
  } else {
    out.push_back(static_cast<char>(0x80 | 127));
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.push_back(static_cast<char>(payload.size() >> shift & 0xff));
    }
  }
  constexpr std::string_view mask = "\x11\x22\x33\x44";
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  }
  return out;
}

std::string client_close(std::uint16_t code) {
  const char bytes[] = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  return client_frame(8, {bytes, sizeof bytes});
}

std::string upgrade_request(std::string_view target, std::string_view fields) {
  return "GET " + std::string(target) +
         " HTTP/1.1\r\nHost: spillway.test\r\nConnection: keep-alive, Upgrade\r\n"
         "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         std::string(fields) + "\r\n";
}

std::string plain_request(std::string_view method, std::string_view target, std::string_view fields,
                          std::string_view body) {
  auto made = std::string(method) + " " + std::string(target) +
              " HTTP/1.1\r\nHost: spillway.test\r\n" + std::string(fields);
  if (!body.empty()) made += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return made + "\r\n" + std::string(body);
}

http_answer ask(std::uint16_t port, const std::string& request, transport over, const char* from) {
  raw_client client(port, 0, over, from);
  client.send(request);
  return client.read_answer();
}

}  // namespace spillway::net::testing
