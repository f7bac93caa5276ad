#include "system/raw_viewer.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <stdexcept>

namespace spillway::system_test {
namespace {

constexpr unsigned text_frame = 1;
constexpr unsigned close_frame = 8;

void send_to_server(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) throw std::runtime_error("the server takes nothing");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// The value of a field in an answer's head, whose names Beast writes in this case.
std::string field_of(std::string_view head, const std::string& name) {
  const auto line = head.find("\r\n" + name + ": ");
  if (line == std::string_view::npos) return "";
  const auto from = line + name.size() + 4;
  return std::string(head.substr(from, head.find("\r\n", from) - from));
}

}  // namespace

void raw_viewer::ender::operator()(z_stream_s* stream) const {
  ::inflateEnd(stream);
  delete stream;
}

raw_viewer::raw_viewer(const address& where, const std::string& target,
                       const raw_viewer_options& options)
    : context_(new z_stream{}) {
  if (::inflateInit2(context_.get(), -15) != Z_OK) throw std::runtime_error("cannot inflate");
  shake_hands(where, target, options);
}

raw_viewer::~raw_viewer() {
  ::close(fd_);
}

void raw_viewer::shake_hands(const address& where, const std::string& target,
                             const raw_viewer_options& options) {
  fd_ = connect_to(where);
  if (fd_ < 0) throw std::runtime_error("cannot connect");
  if (options.receive_buffer_bytes > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &options.receive_buffer_bytes, sizeof(int));
  }
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + where.authority() +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        "Sec-WebSocket-Extensions: " +
                        options.offer + "\r\n";
  for (const auto& [name, value] : options.headers) request += name + ": " + value + "\r\n";
  send_to_server(fd_, request + "\r\n");
  std::size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill(in_.size() + 1)) throw std::runtime_error("no answer to the upgrade: " + in_);
  }
  const auto head = in_.substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("refused: " + head);
  extensions_ = field_of(head, "Sec-WebSocket-Extensions");
  in_.erase(0, end + 4);
}

/// Waits until so many bytes stand behind the place that was read to.
bool raw_viewer::fill(std::size_t bytes) {
  while (in_.size() - at_ < bytes) {
    in_.erase(0, std::exchange(at_, 0));
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, std::chrono::milliseconds(patience).count()) <= 0) return false;
    std::array<char, 65536> buffer;
    const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    in_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

/// The server sends each message in one frame (RFC 6455 section 5.2).
bool raw_viewer::read_frame() {
  if (close_code_ != 0 || !fill(2)) return false;
  const auto byte = [this](std::size_t i) { return static_cast<std::uint8_t>(in_[at_ + i]); };
  const unsigned first = byte(0);
  std::size_t header = 2;
  std::size_t length = byte(1);
  if (length >= 126) {
    header = length == 126 ? 4 : 10;
    if (!fill(header)) return false;
    length = 0;
    for (std::size_t i = 2; i < header; ++i) length = length << 8 | byte(i);
  }
  if (!fill(header + length)) return false;
  auto payload = in_.substr(at_ + header, length);
  at_ += header + length;
  const bool compressed = (first & 0x40) != 0;
  if ((first & 0xbf) == (0x80 | close_frame)) {
    close_code_ =
        static_cast<std::uint8_t>(payload.at(0)) * 256U + static_cast<std::uint8_t>(payload.at(1));
    send_to_server(fd_, std::string("\x88\x82\0\0\0\0", 6) + payload.substr(0, 2));
    return false;
  }
  if ((first & 0xbf) != (0x80 | text_frame)) return true;
  wire_bytes_ += header + length;
  messages_.push_back({compressed ? inflated(std::move(payload)) : std::move(payload), compressed});
  payload_bytes_ += messages_.back().text.size();
  return true;
}

std::string raw_viewer::inflated(std::string payload) {
  if (extensions_.empty()) throw std::runtime_error("compressed without an extension");
  payload += std::string_view("\x00\x00\xff\xff", 4);
  std::string text;
  std::array<char, 16384> out;
  context_->next_in = reinterpret_cast<Bytef*>(payload.data());
  context_->avail_in = static_cast<uInt>(payload.size());
  do {
    context_->next_out = reinterpret_cast<Bytef*>(out.data());
    context_->avail_out = out.size();
    const int result = ::inflate(context_.get(), Z_SYNC_FLUSH);
    if (result != Z_OK && result != Z_BUF_ERROR) {
      throw std::runtime_error("message " + std::to_string(messages_.size()) +
                               " cannot be inflated: " + (context_->msg ? context_->msg : "?"));
    }
    text.append(out.data(), out.size() - context_->avail_out);
  } while (context_->avail_out == 0);
  return text;
}

bool raw_viewer::read_until_count(std::size_t count) {
  while (messages_.size() < count) {
    if (!read_frame()) return false;
  }
  return true;
}

bool raw_viewer::read_to_end() {
  while (read_frame()) {
  }
  return close_code_ != 0;
}

std::vector<std::string> raw_viewer::frames() const {
  std::vector<std::string> texts;
  for (const auto& each : messages_) texts.push_back(each.text);
  return texts;
}

}  // namespace spillway::system_test
