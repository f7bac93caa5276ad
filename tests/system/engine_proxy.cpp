#include "system/engine_proxy.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace spillway::system_test {

using namespace std::string_view_literals;

namespace {

bool forward(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool is_followed(const std::string& request_line) {
  return request_line.find("follow=1") != std::string::npos ||
         request_line.find("follow=true") != std::string::npos;
}

constexpr std::string_view absurd_answer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
    "\x01\x00\x00\x00\x2b\xc0\x00\x00"
    "2026-01-01T00:00:00.000000000Z only the beginning"sv;

}  // namespace

struct engine_proxy::connection {
  int client = -1;
  int engine = -1;
  std::atomic<bool> follows_log = false;
  std::string request_line;
  std::thread requests;
  std::thread answers;

  void cut() const {
    shutdown(client, SHUT_RDWR);
    if (engine >= 0) shutdown(engine, SHUT_RDWR);
  }
  ~connection() {
    cut();
    if (requests.joinable()) requests.join();
    if (answers.joinable()) answers.join();
    close(client);
    if (engine >= 0) close(engine);
  }
};

engine_proxy::engine_proxy(const std::string& engine_url, std::filesystem::path socket)
    : engine_(parse_engine_url(engine_url)), socket_(std::move(socket)) {
  listen();
}

engine_proxy::~engine_proxy() {
  vanish();
}

void engine_proxy::listen() {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, socket_.c_str(), sizeof at.sun_path - 1);
  bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::listen(listener_, 128);
  acceptor_ = std::thread([this] { accept_loop(); });
}

void engine_proxy::stop_listening() {
  if (listener_ < 0) return;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  listener_ = -1;
  std::error_code ignored;
  std::filesystem::remove(socket_, ignored);
}

void engine_proxy::accept_loop() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    start(client);
  }
}

void engine_proxy::start(int client) {
  const std::lock_guard lock(mutex_);
  auto& on = *connections_.emplace_back(std::make_unique<connection>());
  on.client = client;
  if (mode_ == proxy_mode::silent) return;
  on.engine = connect_to(engine_);
  if (on.engine < 0) return on.cut();
  on.requests = std::thread([this, &on] { pump_requests(on); });
  on.answers = std::thread([this, &on] { pump_answers(on); });
}

void engine_proxy::pump_requests(connection& on) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto count = recv(on.client, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    note_requests(on, bytes);
    if (mode_ == proxy_mode::garbage) {
      forward(on.client, "\x00\xff\x07 no HTTP \r\n\r\n"sv);
      return on.cut();
    }
    if (mode_ == proxy_mode::absurd_frame && bytes.find("/logs?") != std::string_view::npos) {
      forward(on.client, absurd_answer);
      continue;
    }
    if (!forward(on.engine, bytes)) break;
  }
  shutdown(on.engine, SHUT_WR);
}

void engine_proxy::pump_answers(connection& on) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const auto count = recv(on.engine, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    const bool cut = cut_logs_ && on.follows_log;
    // Three bytes short: past the end of the chunk's payload stand only a CR and an LF.
    if (cut) bytes.remove_suffix(std::min<std::size_t>(bytes.size(), 3));
    if (!forward(on.client, bytes) || cut) break;
  }
  on.cut();
}

void engine_proxy::note_requests(connection& on, std::string_view bytes) {
  for (const char c : bytes) {
    if (c != '\n') {
      if (on.request_line.size() < 4096) on.request_line += c;
      continue;
    }
    if (on.request_line.starts_with("GET ") &&
        on.request_line.find("/logs?") != std::string::npos) {
      if (is_followed(on.request_line)) on.follows_log = true;
      const std::lock_guard lock(mutex_);
      log_requests_.push_back(on.request_line);
      changed_.notify_all();
    }
    on.request_line.clear();
  }
}

void engine_proxy::cut_all() {
  const std::lock_guard lock(mutex_);
  for (const auto& each : connections_) each->cut();
}

void engine_proxy::cut_logs_mid_frame() {
  cut_logs_ = true;
}

void engine_proxy::vanish() {
  stop_listening();
  std::list<std::unique_ptr<connection>> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(connections_);
  }
  // Their threads may want the mutex before they end.
  ended.clear();
}

void engine_proxy::reappear() {
  cut_logs_ = false;
  mode_ = proxy_mode::transparent;
  listen();
}

std::size_t engine_proxy::count_logs(const std::string& container, bool followed) const {
  return static_cast<std::size_t>(
      std::count_if(log_requests_.begin(), log_requests_.end(), [&](const std::string& line) {
        return line.find(container) != std::string::npos && is_followed(line) == followed;
      }));
}

std::size_t engine_proxy::followed_logs(const std::string& container) const {
  const std::lock_guard lock(mutex_);
  return count_logs(container, true);
}

std::size_t engine_proxy::bounded_logs(const std::string& container) const {
  const std::lock_guard lock(mutex_);
  return count_logs(container, false);
}

bool engine_proxy::wait_for_followed_log(const std::string& container) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return count_logs(container, true) > 0; });
}

}  // namespace spillway::system_test
