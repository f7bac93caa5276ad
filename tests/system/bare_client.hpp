// A client on a bare socket, for what no decent client does.
#pragma once

#include <string>
#include <string_view>

#include "system/http_client.hpp"

namespace spillway::system_test {

/// Context: one thread. Nothing waits longer than the test's patience.
class bare_client {
 public:
  /// Connects. `receive_buffer_bytes` as in connect_to.
  explicit bare_client(const address& where, int receive_buffer_bytes = 0);
  bare_client(bare_client&& other) noexcept;
  bare_client& operator=(bare_client&&) = delete;
  /// Closes as a program that ends does.
  ~bare_client();

  bool connected() const { return fd_ >= 0; }
  /// False where the server has closed, or takes nothing.
  bool send(std::string_view bytes);
  /// The next bytes, at most `most`; empty at the connection's end.
  std::string receive(std::size_t most);
  /// Whether something has come, the end included, or comes within this time.
  bool has_input(int milliseconds) const;
  /// Reads the header of an answer, not a byte more; true where it is a 101.
  bool upgraded();
  /// Reads to the end of the connection. False where that does not come.
  bool wait_for_end();
  /// Everything up to the end of the connection.
  std::string receive_all();
  /// Closes the sending side alone.
  void end_sending();
  /// Closes with a reset.
  void reset();
  void close();

 private:
  int fd_;
};

/// A request to upgrade.
std::string upgrade_request(const std::string& target, const std::string& token);

}  // namespace spillway::system_test
