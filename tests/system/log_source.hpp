// A Docker Engine with one container whose log the test writes: as many lines as it likes, without
// storing them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace spillway::system_test {

enum class log_form { multiplexed, tty };

/// Every project has the service `web`, and all are the same container. Its lines are `line N`
/// from 1 on, filled up with blanks to the same length. Context: any thread; every connection has
/// one of its own.
class log_source {
 public:
  /// Listens on a Unix socket in `directory`.
  explicit log_source(const std::filesystem::path& directory, std::size_t line_bytes = 0,
                      log_form form = log_form::multiplexed);
  log_source(const log_source&) = delete;
  log_source& operator=(const log_source&) = delete;
  ~log_source();

  std::string url() const { return "unix://" + socket_.string(); }

  /// The container prints as many lines more; followers get them as fast as they take them.
  void print(std::uint64_t lines);
  /// The container prints one line of `bytes` bytes, `x` all of them.
  void print_long_line(std::uint64_t bytes);
  /// The container exits: what was printed goes out, then every followed log ends.
  void exit();

  std::uint64_t printed() const;

 private:
  struct connection;
  struct query;
  void accept_all();
  void serve(connection& on);
  void answer(int fd, const std::string& target);
  void send_log(int fd, const query& asked);
  std::uint64_t first_line(const query& asked) const;
  /// False where the client is gone.
  bool send_lines(int fd, std::uint64_t from, std::uint64_t to) const;
  bool send_long_line(int fd, std::uint64_t number, std::uint64_t bytes) const;
  void append_entry(std::string& out, std::uint64_t number, std::string_view text) const;

  const std::filesystem::path socket_;
  const std::size_t line_bytes_;
  const log_form form_;
  int listener_ = -1;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Under the mutex.
  std::uint64_t printed_ = 0;
  std::map<std::uint64_t, std::uint64_t> long_lines_;
  bool running_ = true;
  bool stopping_ = false;
  std::list<connection> connections_;
};

}  // namespace spillway::system_test
