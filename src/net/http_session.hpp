// One client's HTTP connection. Includes Beast's parser: for the room's own use.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "net/http_message.hpp"
#include "net/reply_body.hpp"
#include "net/server_context.hpp"
#include "net/upgrade.hpp"

namespace spillway::net {

///   waiting ──first byte──▶ reading ──▶ handling ──▶ writing ──▶ waiting, or closed
///                                          └──▶ upgraded: the socket has become a ws_connection's
///
/// Context: its strand. Lives by its pending operations and by whoever owes it a reply; requests
/// are handled one after the other.
class http_session final : public deadline_target,
                           public std::enable_shared_from_this<http_session> {
 public:
  http_session(server_ptr server, client_socket socket);

  strand_type strand() const override { return strand_; }
  /// Context: any thread, as for `stop`.
  void start();
  /// Closes the connection when it waits for a request; else after the reply.
  void stop();
  void on_deadline() override;

 private:
  using clock = deadline_wheel::clock;
  using string_body = boost::beast::http::string_body;
  using request_parser = boost::beast::http::request_parser<string_body>;
  using response = boost::beast::http::response<reply_body>;
  using error_code = boost::system::error_code;
  enum class state : std::uint8_t { waiting, reading, handling, writing, upgraded, closed };

  void enter();
  void wait_for_request();
  void read_header();
  void on_header(error_code error);
  result<void> check_header();
  std::size_t body_limit();
  void send_continue();
  void read_body();
  void on_body(error_code error);
  void refuse(error_code error);

  bool take_request();
  result<void> complete_request();
  void route_request();
  http_request hand_over_request();
  void judge(protocol::stream_request stream);
  void on_verdict(upgrade_verdict verdict);
  void upgrade(std::shared_ptr<const void> ticket, accept_handler handler);
  void refuse_upgrade(refused_upgrade what);
  void open_stream(admitted_viewer viewer);

  void respond(reply made);
  void write_some();
  void on_written();
  void linger();
  void close();
  void set_deadline(clock::duration from_now);

  server_ptr server_;
  client_socket socket_;
  strand_type strand_;
  /// The other end of the connection.
  boost::asio::ip::address peer_;
  connection_ticket place_;
  lazy_deadline deadline_;
  boost::beast::flat_buffer buffer_;
  std::optional<request_parser> parser_;
  std::optional<response> response_;
  std::optional<boost::beast::http::response_serializer<reply_body>> serializer_;
  http_request request_;
  /// Of the reply that is being sent, and when that is to be done.
  std::shared_ptr<byte_share> body_share_;
  clock::time_point write_until_;

  state state_ = state::waiting;
  clock::time_point began_ = clock::now();
  bool first_request_ = true;
  bool keep_alive_ = false;
  bool head_ = false;
  bool stopping_ = false;
  bool timed_out_ = false;
};

}  // namespace spillway::net
