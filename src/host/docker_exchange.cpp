#include "host/docker_exchange.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <memory>
#include <utility>

#include "config/endpoint.hpp"

namespace spillway::host {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::string_view unix_url = "unix://";
constexpr std::string_view tcp_url = "tcp://";
/// Of what has been received and not been parsed: the header has to fit.
constexpr std::size_t max_input = 16 * 1024;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

http::request<http::empty_body> get_request(std::string_view target, std::string_view host) {
  http::request<http::empty_body> request{http::verb::get, target, 11};
  request.set(http::field::host, host);
  request.set(http::field::user_agent, "spillway");
  request.keep_alive(false);
  return request;
}

}  // namespace

docker_exchange::docker_exchange(const asio::any_io_executor& strand, docker_timeouts timeouts)
    : timeouts_(timeouts), stream_(strand), input_(max_input) {
  parser_.body_limit(boost::none);
  parser_.header_limit(max_input);
}

asio::awaitable<docker_exchange::endpoints> docker_exchange::resolve(std::string_view host_url) {
  endpoints found;
  if (host_url.starts_with(unix_url)) {
    std::string path{host_url.substr(unix_url.size())};
    found.push_back(asio::local::stream_protocol::endpoint{path});
    co_return found;
  }
  auto address = config::parse_endpoint(host_url.substr(tcp_url.size()));
  if (!host_url.starts_with(tcp_url) || !address) co_return found;
  // A look-up cannot be interrupted: past the deadline it goes on, and nobody waits for it.
  asio::ip::tcp::resolver resolver{stream_.get_executor()};
  auto answered = std::make_shared<asio::steady_timer>(stream_.get_executor(), timeouts_.connect);
  auto results = std::make_shared<asio::ip::tcp::resolver::results_type>();
  resolver.async_resolve(address->host, std::to_string(address->port),
                         [answered, results](boost::system::error_code error, auto all) {
                           if (!error) *results = std::move(all);
                           answered->expires_at(asio::steady_timer::time_point::min());
                         });
  co_await answered->async_wait(no_throw);
  for (const auto& result : *results) found.push_back(result.endpoint());
  co_return found;
}

asio::awaitable<bool> docker_exchange::connect(const std::string& host_url) {
  endpoints candidates = co_await resolve(host_url);
  // One deadline for all addresses of a name.
  stream_.expires_after(timeouts_.connect);
  for (const auto& candidate : candidates) {
    auto [error] = co_await stream_.async_connect(candidate, no_throw);
    if (error == asio::error::operation_aborted || error == boost::beast::error::timeout) break;
    if (!error) {
      if (host_url.starts_with(tcp_url)) watch_for_silence();
      co_return true;
    }
    stream_.close();
  }
  co_return false;
}

/// A followed log may be silent for days: find out within two minutes when the engine's host is
/// gone.
void docker_exchange::watch_for_silence() {
  using idle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
  using interval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
  using count = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPCNT>;
  boost::system::error_code ignored;
  auto& socket = stream_.socket();
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.set_option(idle(60), ignored);
  socket.set_option(interval(15), ignored);
  socket.set_option(count(4), ignored);
}

asio::awaitable<engine_result<unsigned>> docker_exchange::open(const std::string& host_url,
                                                               const std::string& target) {
  bool connected = co_await connect(host_url);
  if (!connected) co_return tl::unexpected{engine_unavailable()};

  const bool local = host_url.starts_with(unix_url);
  auto request = get_request(target, local ? "docker" : host_url.substr(tcp_url.size()));
  stream_.expires_after(timeouts_.answer);
  auto [write_error, written] = co_await http::async_write(stream_, request, no_throw);
  // An engine that closes early may have answered all the same.
  if (write_error == boost::beast::error::timeout) co_return tl::unexpected{engine_unavailable()};
  auto [error, read] = co_await http::async_read_header(stream_, input_, parser_, no_throw);
  if (!error) co_return parser_.get().result_int();

  const bool cut_off = error == http::error::end_of_stream || error == http::error::partial_message;
  const bool garbage = !cut_off && error.category() == make_error_code(http::error{}).category();
  co_return tl::unexpected{garbage ? bad_engine_answer() : engine_unavailable()};
}

docker_exchange::body_piece docker_exchange::next_piece() {
  for (;;) {
    if (broken_) return {*broken_, {}};
    if (parser_.is_done()) return {progress::complete, {}};
    boost::system::error_code error;
    if (input_.size() == 0) {
      if (!end_of_input_) return {progress::needs_input, {}};
      parser_.put_eof(error);
      if (error || !parser_.is_done()) broken_ = progress::cut_off;
      continue;
    }
    auto& body = parser_.get().body();
    body.data = piece_.data();
    body.size = piece_.size();
    body.more = true;
    input_.consume(parser_.put(input_.data(), error));
    const std::size_t size = piece_.size() - body.size;
    const bool needs_more = error == http::error::need_more;
    if (error && !needs_more && error != http::error::need_buffer) broken_ = progress::malformed;
    if (size > 0) return {progress::piece, {piece_.data(), size}};
    if (!needs_more) continue;
    if (end_of_input_) {
      broken_ = progress::cut_off;
    } else if (input_.size() == input_.max_size()) {
      broken_ = progress::malformed;
    } else {
      return {progress::needs_input, {}};
    }
  }
}

asio::awaitable<bool> docker_exchange::receive() {
  auto space = input_.prepare(input_.max_size() - input_.size());
  auto [error, size] = co_await stream_.async_read_some(space, no_throw);
  input_.commit(size);
  end_of_input_ = error == asio::error::eof;
  co_return !error || end_of_input_;
}

bool docker_exchange::can_receive() {
  boost::system::error_code error;
  return !end_of_input_ && stream_.socket().available(error) > 0 && !error;
}

}  // namespace spillway::host
