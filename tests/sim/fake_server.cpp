#include "sim/fake_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "protocol/timestamp.hpp"
#include "sim/numbered_line.hpp"

namespace spillway::sim {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

namespace {

std::string token_of(const http::request<http::string_body>& asked) {
  const std::string field(asked[http::field::authorization]);
  return field.starts_with("Bearer ") ? field.substr(7) : field;
}

}  // namespace

std::string line_frame(std::uint64_t number, std::uint32_t life) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string text;
  append_head(text, {life, number, now});
  return R"({"ts": ")" + protocol::format_rfc3339_nano(protocol::timestamp(now)) +
         R"(", "stream": "stdout", "line": ")" + text + R"(text"})";
}

void fake_stream::send(const std::string& frame) {
  beast::error_code gone;
  ws_.write(asio::buffer(frame), gone);
}

void fake_stream::send_lines(std::uint64_t first, std::uint64_t last, std::uint32_t life) {
  for (auto n = first; n <= last; ++n) send(line_frame(n, life));
}

void fake_stream::send_notice(std::uint64_t skipped) {
  send(R"({"ts": "2026-04-17T10:14:32.118000000Z", "stream": "stderr", "line": "[spillway] lines )"
       R"(skipped, this viewer is too slow", "skipped": )" +
       std::to_string(skipped) + "}");
}

void fake_stream::close(std::uint16_t code, const std::string& reason) {
  beast::error_code gone;
  ws_.close({static_cast<websocket::close_code>(code), reason}, gone);
}

void fake_stream::drop() {
  beast::error_code gone;
  ws_.next_layer().shutdown(asio::socket_base::shutdown_both, gone);
}

void fake_stream::wait_for_end() {
  beast::flat_buffer buffer;
  beast::error_code error;
  while (!error) {
    ws_.read(buffer, error);
    buffer.clear();
  }
}

fake_server::fake_server(script streams)
    : streams_(std::move(streams)),
      acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
      acceptor_thread_([this] { accept_all(); }) {}

fake_server::~fake_server() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    for (auto& each : connections_) ::shutdown(each.tcp.native_handle(), SHUT_RDWR);
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  acceptor_thread_.join();
  for (auto& each : connections_) each.thread.join();
}

std::string fake_server::url() const {
  return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

bool fake_server::revoked(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  return std::find(revoked_.begin(), revoked_.end(), token) != revoked_.end();
}

void fake_server::wait_revoked(const std::string& token) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return ending_ || std::find(revoked_.begin(), revoked_.end(), token) != revoked_.end();
  });
}

void fake_server::accept_all() {
  for (;;) {
    beast::error_code error;
    socket tcp(io_);
    acceptor_.accept(tcp, error);
    const std::lock_guard lock(mutex_);
    if (error || ending_) return;
    auto& made = connections_.emplace_back(std::move(tcp));
    made.thread = std::thread([this, &made] { serve(made.tcp); });
  }
}

void fake_server::serve(socket& tcp) {
  beast::flat_buffer buffer;
  beast::error_code error;
  request asked;
  http::read(tcp, buffer, asked, error);
  if (error) return;
  const auto token = token_of(asked);
  if (!websocket::is_upgrade(asked) || refusal_ != 0 || (revoked(token) && !lax_)) {
    answer(tcp, asked);
    ::shutdown(tcp.native_handle(), SHUT_RDWR);
    return;
  }
  // The descriptor stays with the connection, so that the end of the server reaches it.
  websocket::stream<socket> ws{socket(io_, asio::ip::tcp::v4(), ::dup(tcp.native_handle()))};
  ws.accept(asked, error);
  if (error) return;
  {
    const std::lock_guard lock(mutex_);
    opened_.push_back(token);
    changed_.notify_all();
  }
  fake_stream stream(ws, std::string(asked.target()), token);
  streams_(stream);
  ::shutdown(tcp.native_handle(), SHUT_RDWR);
}

void fake_server::answer(socket& tcp, const request& asked) {
  http::response<http::string_body> made{http::status::ok, 11};
  if (websocket::is_upgrade(asked)) made.result(refusal_ != 0 ? refusal_.load() : 401);
  made.set(http::field::set_cookie, "session=cookie; Path=/");
  made.body() = body_of(asked);
  made.prepare_payload();
  beast::error_code gone;
  http::write(tcp, made, gone);
}

std::string fake_server::body_of(const request& asked) {
  const std::string target(asked.target());
  if (target == "/api/apps") return R"([{"Slug": "shop"}])";
  if (target.ends_with("/services")) return R"([{"service": "web"}])";
  std::unique_lock lock(mutex_);
  if (target == "/api/apikeys") {
    const auto id = std::to_string(++keys_);
    return R"({"id": )" + id + R"(, "key": "sd_)" + id + R"("})";
  }
  if (asked.method() != http::verb::delete_) return R"({"id": 1})";
  const auto last = target.substr(target.rfind('/') + 1);
  if (target.starts_with("/api/apikeys/")) revoke(lock, "sd_" + last);
  // All tokens of this server are of one user and app.
  const int keys = target.find("/access/") == target.npos ? 0 : keys_;
  for (int key = 1; key <= keys; ++key) revoke(lock, "sd_" + std::to_string(key));
  return R"({"id": 1})";
}

/// Not before its viewer is there, so that every run sees the same. One that was told to leave just
/// then never comes.
void fake_server::revoke(std::unique_lock<std::mutex>& lock, const std::string& token) {
  constexpr std::chrono::seconds patience{5};
  changed_.wait_for(lock, patience, [&] {
    return ending_ || std::find(opened_.begin(), opened_.end(), token) != opened_.end();
  });
  revoked_.push_back(token);
  changed_.notify_all();
}

}  // namespace spillway::sim
