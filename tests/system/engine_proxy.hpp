// A Docker socket in front of the real one: counts the log streams that it carries, and fails on
// request. Bytes pass unchanged.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "system/http_client.hpp"

namespace spillway::system_test {

enum class proxy_mode {
  transparent,
  /// Accepts connections and never answers.
  silent,
  /// Answers with bytes that are no HTTP.
  garbage,
  /// Answers requests for logs with a frame header that claims 700 MiB; passes the rest.
  absurd_frame
};

/// Context: the test's thread; every connection has threads of its own.
class engine_proxy {
 public:
  engine_proxy(const std::string& engine_url, std::filesystem::path socket);
  engine_proxy(const engine_proxy&) = delete;
  engine_proxy& operator=(const engine_proxy&) = delete;
  ~engine_proxy();

  std::string url() const { return "unix://" + socket_.string(); }

  /// Of the requests that come from now on; `silent` of the connections.
  void set_mode(proxy_mode mode) { mode_ = mode; }
  /// Cuts every open connection.
  void cut_all();
  /// Cuts every followed log with its next bytes: inside of a frame.
  void cut_logs_mid_frame();
  /// Takes the socket away and cuts everything; nobody can connect until `reappear`.
  void vanish();
  void reappear();

  /// Requests for a container's log so far, with and without `follow`.
  std::size_t followed_logs(const std::string& container) const;
  std::size_t bounded_logs(const std::string& container) const;
  /// Waits until a request for that container's followed log has come.
  bool wait_for_followed_log(const std::string& container);

 private:
  struct connection;
  void listen();
  void stop_listening();
  void accept_loop();
  void start(int client);
  void pump_requests(connection& on);
  void pump_answers(connection& on);
  void note_requests(connection& on, std::string_view bytes);
  std::size_t count_logs(const std::string& container, bool followed) const;

  const address engine_;
  const std::filesystem::path socket_;
  std::atomic<proxy_mode> mode_ = proxy_mode::transparent;
  std::atomic<bool> cut_logs_ = false;
  int listener_ = -1;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<std::unique_ptr<connection>> connections_;
  std::vector<std::string> log_requests_;
};

}  // namespace spillway::system_test
