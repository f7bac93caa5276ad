#include "sim/host/api_server.hpp"

#include <sys/stat.h>

#include <boost/asio/post.hpp>
#include <utility>

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;

/// More are closed at once.
constexpr std::size_t max_connections = 16'384;
/// Of the address of a Unix socket (unix(7)).
constexpr std::size_t max_path = 107;

}  // namespace

api_server::api_server(asio::io_context& io, std::filesystem::path path, api_context context)
    : io_(io),
      strand_(asio::make_strand(io)),
      path_(std::move(path)),
      context_(context),
      acceptor_(strand_),
      back_(strand_),
      retry_(strand_) {}

std::optional<std::string> api_server::open() {
  const std::string name = path_.string();
  if (name.size() > max_path) {
    return "the path " + name + " is too long for a socket: use at most 107 bytes";
  }
  struct stat found {};
  if (::lstat(path_.c_str(), &found) == 0) {
    if (!S_ISSOCK(found.st_mode)) return name + " exists and is no socket: name another path";
    stream_protocol::socket probe(io_);
    boost::system::error_code error;
    probe.connect(stream_protocol::endpoint(name), error);
    if (!error) return "another process listens on " + name + ": end it, or name another path";
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  auto wrong = listen();
  if (!wrong) asio::post(strand_, [self = shared_from_this()] { self->accept(); });
  return wrong;
}

std::optional<std::string> api_server::listen() {
  boost::system::error_code error;
  acceptor_.open(stream_protocol(), error);
  if (!error) acceptor_.bind(stream_protocol::endpoint(path_.string()), error);
  if (!error) acceptor_.listen(4096, error);
  if (!error) return std::nullopt;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  return "cannot listen on " + path_.string() + ": " + error.message();
}

void api_server::accept() {
  acceptor_.async_accept(
      [self = shared_from_this()](boost::system::error_code error, stream_protocol::socket socket) {
        if (error == asio::error::operation_aborted || !self->acceptor_.is_open()) return;
        if (error) {
          // Out of descriptors, say: soon there may be one.
          self->retry_.expires_after(std::chrono::milliseconds(100));
          self->retry_.async_wait([self](boost::system::error_code stopped) {
            if (!stopped) self->accept();
          });
          return;
        }
        if (self->context_.trouble->connections() < max_connections) {
          std::make_shared<api_connection>(self->io_, std::move(socket), self->context_)->start();
        }
        self->accept();
      });
}

void api_server::stop_listening() {
  boost::system::error_code ignored;
  retry_.cancel();
  if (!acceptor_.is_open()) return;
  acceptor_.close(ignored);
  std::error_code failed;
  std::filesystem::remove(path_, failed);
}

void api_server::vanish(std::chrono::nanoseconds time, bool close_connections) {
  asio::post(strand_, [self = shared_from_this(), time, close_connections] {
    if (self->closed_) return;
    self->stop_listening();
    if (close_connections) self->context_.trouble->close_connections();
    self->back_.expires_after(time);
    self->back_.async_wait([self](boost::system::error_code error) {
      if (error || self->closed_ || self->acceptor_.is_open()) return;
      if (!self->listen()) self->accept();
    });
  });
}

void api_server::close() {
  asio::post(strand_, [self = shared_from_this()] {
    self->closed_ = true;
    self->back_.cancel();
    self->stop_listening();
    self->context_.trouble->close_connections();
  });
}

}  // namespace spillway::sim
