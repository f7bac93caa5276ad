// A client that speaks bytes: whatever a test wants to send, and what came back, with a deadline.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/tls_codec.hpp"

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

enum class transport : std::uint8_t { plain, tls };

/// Blocking; every wait ends after 20 s as if the peer had closed, which the tests then see.
class raw_client {
 public:
  /// `receive_buffer` bounds what the kernel takes for a client that does not read; `from` is an
  /// address of 127.0.0.0/8.
  explicit raw_client(std::uint16_t port, int receive_buffer = 0, transport over = transport::plain,
                      const char* from = "127.0.0.1");
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  /// Its own end's.
  std::uint16_t port() const;
  bool send(std::string_view bytes);
  /// Past TLS.
  bool send_raw(std::string_view bytes);
  /// No more bytes from us; over TLS without close_notify.
  void finish_sending();
  void disconnect();
  /// Ends the connection by a reset.
  void reset();
  /// Of a TLS connection.
  tls_codec& tls() { return *tls_; }

  /// Whether the server has sent something, or ended the connection, or does so within this time.
  bool hears_within(int milliseconds) const;

  /// Reads one response; status 0 where the connection ended first.
  http_answer read_answer(bool head = false);
  /// Reads one frame; nothing where the connection ended first.
  std::optional<ws_frame> read_frame();
  /// Reads on to the close frame, over everything else.
  std::optional<ws_close> read_close();
  /// Reads until the peer ends the connection; false if it does not.
  bool read_to_end();
  /// Whether the TCP connection was ended in order, and over TLS not before the close_notify.
  bool ended_cleanly() const { return ended_cleanly_; }

  /// As a client does that is done; it could as well close its socket.
  bool answers_close_notify = true;

 private:
  bool shake();
  std::string open(std::string_view bytes);
  bool fill();
  /// The next bytes of the socket; empty at its end.
  std::string receive();

  int fd_ = -1;
  std::optional<tls_codec> tls_;
  bool ended_cleanly_ = false;
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
http_answer ask(std::uint16_t port, const std::string& request, transport over = transport::plain,
                const char* from = "127.0.0.1");

}  // namespace spillway::net::testing
