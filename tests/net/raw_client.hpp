// A client that speaks bytes: whatever a test wants to send, and what came back, with a deadline.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::net::testing {

struct http_answer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

struct ws_frame {
  std::uint8_t opcode = 0;
  std::string payload;
};

struct ws_close {
  std::uint16_t code = 0;
  std::string reason;
  bool operator==(const ws_close&) const = default;
};

/// Blocking; every wait ends after 20 s as if the peer had closed, which the tests then see.
class raw_client {
 public:
  /// `receive_buffer` bounds what the kernel takes for a client that does not read.
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  bool send(std::string_view bytes);
  /// No more bytes from us.
  void finish_sending();
  void disconnect();

  /// Reads one response; status 0 where the connection ended first.
  http_answer read_answer(bool head = false);
  /// Reads one frame; nothing where the connection ended first.
  std::optional<ws_frame> read_frame();
  /// Reads on to the close frame, over everything else.
  std::optional<ws_close> read_close();
  /// Reads until the peer ends the connection; false if it does not.
  bool read_to_end();

 private:
  bool fill();

  int fd_ = -1;
  std::string in_;
};

/// A masked client frame (RFC 6455 section 5.2).
std::string client_frame(std::uint8_t opcode, std::string_view payload, bool fin = true);
std::string client_close(std::uint16_t code);

/// `GET target` as an upgrade with further fields, each ending in CRLF.
std::string upgrade_request(std::string_view target, std::string_view fields);
std::string plain_request(std::string_view method, std::string_view target,
                          std::string_view fields = {}, std::string_view body = {});

/// One request on a connection of its own.
http_answer ask(std::uint16_t port, const std::string& request);

}  // namespace spillway::net::testing
