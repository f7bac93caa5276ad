#include "sim/host/api_connection.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "sim/host/client_watch.hpp"
#include "sim/host/log_sender.hpp"
#include "sim/host/log_wire.hpp"

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using clock_type = std::chrono::steady_clock;

constexpr auto without_exceptions = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t max_request_header = 64 * 1024;
constexpr std::size_t max_request_body = 64 * 1024 * 1024;
/// Go's server knows the length of bodies that fit its buffer, and sends others in chunks.
constexpr std::size_t go_buffer = 2048;

api_answer simulated_failure() {
  return refusal({500, "simulated failure of the engine"});
}

/// The beginning of an answer; how long it is is still to come.
std::string answer_head(const api_answer& answer) {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\n", answer.status,
      std::string_view(http::obsolete_reason(static_cast<http::status>(answer.status))));
  if (!answer.anonymous) head += fmt::format("Api-Version: {}\r\n", api_version);
  const bool ping = answer.content_type.starts_with("text/");
  if (ping) head += "Cache-Control: no-cache, no-store, must-revalidate\r\n";
  const bool json = !answer.content_type.empty() && !answer.log && !ping;
  if (json) head += "Content-Type: " + answer.content_type + "\r\n";
  if (!answer.anonymous && answer.experimental) head += "Docker-Experimental: false\r\n";
  if (!answer.anonymous) head += "Ostype: linux\r\n";
  if (ping) head += "Pragma: no-cache\r\n";
  if (!answer.anonymous) head += "Server: Docker/20.10.24+sim (linux)\r\n";
  head += fmt::format(
      "Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  return head;
}

constexpr std::string_view connection_close = "Connection: close\r\n";
constexpr std::string_view in_chunks = "Transfer-Encoding: chunked\r\n\r\n";

/// The head of an answer that comes in chunks.
std::string chunked_head(const api_answer& answer, bool keep_alive) {
  std::string head = answer_head(answer);
  if (!keep_alive) head += connection_close;
  return head.append(in_chunks);
}

}  // namespace

api_connection::api_connection(asio::io_context& io, socket_type socket, api_context context)
    : strand_(asio::make_strand(io)),
      // Taken over by the strand, which nothing else of it runs on.
      socket_(strand_, boost::asio::local::stream_protocol(), socket.release()),
      context_(context) {}

void api_connection::start() {
  context_.trouble->add_connection(weak_from_this(), [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    asio::post(self->strand_, [self] {
      boost::system::error_code ignored;
      self->socket_.shutdown(socket_type::shutdown_both, ignored);
      self->socket_.close(ignored);
    });
  });
  asio::co_spawn(strand_, run(), [self = shared_from_this()](const std::exception_ptr&) {
    boost::system::error_code ignored;
    self->socket_.close(ignored);
  });
}

asio::awaitable<void> api_connection::run() {
  for (;;) {
    const bool more = co_await serve_one();
    if (!more) co_return;
  }
}

asio::awaitable<bool> api_connection::serve_one() {
  http::request_parser<http::string_body> parser;
  parser.header_limit(max_request_header);
  parser.body_limit(max_request_body);
  const auto [error, read] = co_await http::async_read(socket_, input_, parser, without_exceptions);
  if (error) {
    // A client that has gone, or one that speaks something else.
    const bool gone = error == http::error::end_of_stream ||
                      error.category() == asio::error::get_system_category();
    if (gone) co_return false;
    std::string refused =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Connection: close\r\n\r\n400 Bad Request";
    co_await write(std::move(refused));
    co_return false;
  }
  auto& message = parser.get();
  api_request request{std::string(message.method_string()), std::string(message.target()),
                      std::move(message.body())};
  const bool keep_alive = message.keep_alive();
  const bool answered = co_await answer(std::move(request), keep_alive);
  const bool more = answered && keep_alive;
  co_return more;
}

asio::awaitable<bool> api_connection::answer(api_request request, bool keep_alive) {
  const bool head_only = request.method == "HEAD";
  // The ground truth is told whatever happens.
  if (!request.target.starts_with("/sim/")) {
    const auto delay = context_.trouble->delay(clock_type::now());
    if (delay > delay.zero()) {
      asio::steady_timer timer(strand_, delay);
      co_await timer.async_wait(without_exceptions);
      // Nobody is there any more, or the host is at its end.
      if (!socket_.is_open()) co_return false;
    }
    if (context_.trouble->fails(clock_type::now())) {
      const api_answer failure = simulated_failure();
      const bool failed = co_await write_answer(failure, head_only, keep_alive);
      co_return failed;
    }
  }
  api_answer answer = co_await context_.api->answer(std::move(request));
  if (answer.log) {
    const bool sent = co_await send_log(std::move(*answer.log), keep_alive);
    co_return sent;
  }
  if (answer.events) {
    const bool sent = co_await send_events();
    co_return sent;
  }
  const bool written = co_await write_answer(answer, head_only, keep_alive);
  co_return written;
}

asio::awaitable<bool> api_connection::write_answer(const api_answer& answer, bool head_only,
                                                   bool keep_alive) {
  const bool empty = answer.status == 204 || answer.status == 304;
  const bool ping = answer.content_type.starts_with("text/");
  std::string bytes;
  if (!empty && answer.body.size() > go_buffer) {
    bytes = chunked_head(answer, keep_alive);
    append_chunk(bytes, answer.body);
    bytes.append(last_chunk);
  } else {
    bytes = answer_head(answer);
    if (!empty) bytes += fmt::format("Content-Length: {}\r\n", head_only ? 0 : answer.body.size());
    if (ping) bytes += "Content-Type: " + answer.content_type + "\r\n";
    if (!keep_alive) bytes += connection_close;
    bytes += "\r\n";
    if (!empty && !head_only) bytes += answer.body;
  }
  const bool written = co_await write(std::move(bytes));
  co_return written;
}

asio::awaitable<bool> api_connection::send_log(wanted_log log, bool keep_alive) {
  api_answer head;
  head.content_type.clear();
  const std::string container = log.from.view->id();
  auto sender = std::make_shared<log_sender>(socket_, strand_, std::move(log));
  context_.trouble->add(container, sender);
  std::string beginning = chunked_head(head, keep_alive);
  const bool begun = co_await write(std::move(beginning));
  if (!begun) co_return false;
  when_client_leaves(socket_, shared_from_this(), [sender] { sender->client_left(); });
  const bool proper = co_await sender->run();
  co_return proper;
}

/// Until the client has gone, or was too slow.
asio::awaitable<bool> api_connection::send_events() {
  const auto wake = std::make_shared<asio::steady_timer>(strand_);
  const auto feed = context_.events->watch(
      [wake, strand = strand_] { asio::post(strand, [wake] { wake->cancel(); }); });
  std::string beginning = chunked_head(api_answer(), true);
  const bool begun = co_await write(std::move(beginning));
  if (!begun) co_return false;
  const auto gone = std::make_shared<bool>(false);
  when_client_leaves(socket_, shared_from_this(), [wake, gone] {
    *gone = true;
    wake->cancel();
  });
  while (!*gone && !feed->ended()) {
    std::string chunks;
    while (const auto event = feed->take()) append_chunk(chunks, *event + "\n");
    if (chunks.empty()) {
      wake->expires_at(clock_type::time_point::max());
      co_await wake->async_wait(without_exceptions);
      continue;
    }
    const bool written = co_await write(std::move(chunks));
    if (!written) break;
  }
  co_return false;
}

asio::awaitable<bool> api_connection::write(std::string bytes) {
  const auto [error, written] =
      co_await asio::async_write(socket_, asio::buffer(bytes), without_exceptions);
  co_return !error;
}

}  // namespace spillway::sim
