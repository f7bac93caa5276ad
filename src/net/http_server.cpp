#include "net/http_server.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cctype>
#include <exception>
#include <mutex>
#include <string_view>
#include <vector>

#include "net/current_tls_context.hpp"
#include "net/http_session.hpp"

namespace spillway::net {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

/// How long accepting pauses after an error, such as no descriptor left.
constexpr milliseconds accept_pause{100};

/// Late by an eighth of the shortest deadline at most, and never ticking faster than needed.
milliseconds wheel_tick(const config::settings& settings) {
  auto shortest = std::min({settings.stream.read_deadline, settings.stream.ping_interval,
                            settings.stream.stall_timeout, settings.limits.header_timeout});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(500));
}

std::string listen_failure(const config::endpoint& where, const error_code& error) {
  auto why = error.message();
  if (!why.empty()) why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
  bool v6 = where.host.find(':') != std::string::npos;
  return "cannot listen on " + (v6 ? "[" + where.host + "]" : where.host) + ":" +
         std::to_string(where.port) + ": " + why;
}

/// Over TLS where there is some; the connection keeps a share in the context of this moment.
client_socket secured(const current_tls_context* tls, tcp_socket client) {
  if (tls == nullptr) return client_socket(std::move(client));
  return {std::move(client), *tls->get()};
}

}  // namespace

/// Context: its strand, where not said otherwise.
class http_server::acceptor : public std::enable_shared_from_this<acceptor> {
 public:
  acceptor(boost::asio::io_context& io, const dependencies& deps)
      : io_(io),
        strand_(boost::asio::make_strand(io)),
        socket_(strand_),
        pause_(strand_),
        server(std::make_shared<server_context>(
            deps, deadline_wheel::make(io, wheel_tick(deps.settings)))) {}

  /// Context: any thread, before anything else.
  tl::expected<std::uint16_t, std::string> open(const config::endpoint& where);
  void stop();

 private:
  void accept();
  void on_accept(error_code error, tcp_socket client);
  void serve(tcp_socket client);
  void pause(std::string_view why);
  void remember(const std::shared_ptr<http_session>& session);

  boost::asio::io_context& io_;
  strand_type strand_;
  tcp::acceptor socket_;
  boost::asio::steady_timer pause_;
  /// Ended ones are swept when their number has doubled.
  std::vector<std::weak_ptr<http_session>> sessions_;
  std::size_t sweep_at_ = 64;
  bool stopping_ = false;
  bool failing_ = false;

 public:
  const server_ptr server;
};

tl::expected<std::uint16_t, std::string> http_server::acceptor::open(
    const config::endpoint& where) {
  error_code error;
  tcp::resolver resolver(io_);
  auto found = resolver.resolve(where.host, std::to_string(where.port),
                                tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (!error && found.empty()) error = boost::asio::error::host_not_found;
  if (error) return tl::unexpected(listen_failure(where, error));
  tcp::endpoint address = *found.begin();
  socket_.open(address.protocol(), error);
  if (!error) socket_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) socket_.bind(address, error);
  if (!error) socket_.listen(boost::asio::socket_base::max_listen_connections, error);
  auto port = error ? std::uint16_t{0} : socket_.local_endpoint(error).port();
  if (error) return tl::unexpected(listen_failure(where, error));
  boost::asio::post(strand_, [self = shared_from_this()] { self->accept(); });
  return port;
}

void http_server::acceptor::accept() {
  if (stopping_) return;
  try {
    socket_.async_accept(boost::asio::make_strand(io_),
                         [self = shared_from_this()](error_code error, tcp_socket client) {
                           self->on_accept(error, std::move(client));
                         });
  } catch (const std::exception& failed) {
    pause(failed.what());
  }
}

void http_server::acceptor::on_accept(error_code error, tcp_socket client) {
  if (stopping_) return;
  if (error) return pause(error.message());
  try {
    serve(std::move(client));
    failing_ = false;
  } catch (const std::exception& failed) {
    return pause(failed.what());
  }
  accept();
}

void http_server::acceptor::serve(tcp_socket client) {
  // Not make_shared: those who hold it weakly (the list here, the wheel) would keep its memory.
  std::shared_ptr<http_session> session(
      new http_session(server, secured(server->deps.tls, std::move(client))));
  remember(session);
  session->start();
}

/// Whatever it is, memory that is short included, it may pass: accepting never stops for good. An
/// exception that left a handler here would end it.
void http_server::acceptor::pause(std::string_view why) {
  if (!std::exchange(failing_, true)) {
    spdlog::warn("[http] cannot accept connections: {}; trying again", why);
  }
  pause_.expires_after(accept_pause);
  pause_.async_wait([self = shared_from_this()](error_code) { self->accept(); });
}

void http_server::acceptor::remember(const std::shared_ptr<http_session>& session) {
  if (sessions_.size() >= sweep_at_) {
    std::erase_if(sessions_, [](const auto& weak) { return weak.expired(); });
    sweep_at_ = std::max<std::size_t>(64, sessions_.size() * 2);
  }
  sessions_.push_back(session);
}

void http_server::acceptor::stop() {
  boost::asio::post(strand_, [self = shared_from_this()] {
    if (std::exchange(self->stopping_, true)) return;
    error_code ignored;
    self->socket_.close(ignored);
    self->pause_.cancel();
    for (auto& weak : self->sessions_) {
      if (auto session = weak.lock()) session->stop();
    }
    self->sessions_.clear();
  });
}

http_server::http_server(boost::asio::io_context& io, const dependencies& deps)
    : acceptor_(std::make_shared<acceptor>(io, deps)) {}

http_server::~http_server() {
  stop();
}

tl::expected<std::uint16_t, std::string> http_server::listen(const config::endpoint& where) {
  return acceptor_->open(where);
}

void http_server::stop() {
  acceptor_->stop();
}

std::uint32_t http_server::viewers() const {
  return acceptor_->server->viewers->count();
}

}  // namespace spillway::net
