// A simulated host over its socket.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "sim/host/compose_command.hpp"
#include "sim/host/engine_client.hpp"
#include "sim/host/simulated_host.hpp"
#include "sim/host/unique_descriptor.hpp"
#include "sim/numbered_line.hpp"
#include "support/docker_wire.hpp"
#include "support/paths.hpp"
#include "support/temp_dir.hpp"

namespace spillway::sim {

using namespace std::chrono_literals;

inline constexpr auto patience = 30s;

/// Bytes as they come from a socket.
class raw_client {
 public:
  explicit raw_client(const std::filesystem::path& socket)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::strncpy(at.sun_path, socket.c_str(), sizeof at.sun_path - 1);
    connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    const timeval limit{30, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  bool connected() const { return connected_; }
  void ask(const std::string& method, const std::string& target, bool close = true) {
    const std::string request = method + " " + target + " HTTP/1.1\r\nHost: docker\r\n" +
                                (close ? "Connection: close\r\n" : "") + "\r\n";
    EXPECT_EQ(::send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
  }
  /// Until `text` has come, or the end.
  const std::string& read_until(const std::string& text) {
    while (received_.find(text) == std::string::npos && read_some()) continue;
    return received_;
  }
  const std::string& read_to_end() {
    while (read_some()) continue;
    return received_;
  }

 private:
  bool read_some() {
    char bytes[65536];
    const auto n = ::recv(fd_.get(), bytes, sizeof bytes, 0);
    if (n > 0) received_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }
  unique_descriptor fd_;
  bool connected_ = false;
  std::string received_;
};

inline std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

/// The frames of a chunked body of a multiplexed log.
inline std::vector<std::string> entries_of(const std::string& answer) {
  std::vector<std::string> entries;
  const std::string body = body_of(answer);
  for (std::size_t at = 0; at < body.size();) {
    const auto size = std::stoul(body.substr(at), nullptr, 16);
    at = body.find("\r\n", at) + 2;
    if (size == 0) break;
    const std::string chunk = body.substr(at, size);
    at += size + 2;
    EXPECT_EQ(chunk, test::log_frame(chunk.substr(8), chunk[0]));
    entries.push_back(chunk.substr(8));
  }
  return entries;
}

class a_simulated_host : public ::testing::Test {
 protected:
  host_options usual() const {
    host_options options;
    options.socket = socket();
    options.directory = directory_ / "host";
    options.apps = 0;
    options.program = test::simulator_program();
    return options;
  }
  void start(const host_options& options) {
    host_ = std::make_unique<simulated_host>(options, 7);
    const auto wrong = host_->start();
    ASSERT_FALSE(wrong) << *wrong;
  }
  std::filesystem::path socket() const { return directory_ / "s"; }
  engine_client engine() const { return engine_client("unix://" + socket().string()); }

  struct outcome {
    int code;
    std::string out;
    std::string err;
  };
  outcome compose(const std::string& project, const std::string& file,
                  std::vector<std::string> words) const {
    const auto path = directory_.write(project + "/docker-compose.yml", file);
    std::vector<std::string> all{"-p", project, "-f", path.string()};
    all.insert(all.end(), words.begin(), words.end());
    std::ostringstream out;
    std::ostringstream err;
    compose_invocation given{socket().string(), {}, all};
    const int code = run_compose(given, {out, err});
    return {code, out.str(), err.str()};
  }
  void up(const std::string& project, const std::string& file) const {
    const auto done = compose(project, file, {"up", "-d"});
    ASSERT_EQ(done.code, 0) << done.out << done.err;
  }
  std::string answer(const std::string& target, const std::string& method = "GET") const {
    raw_client client(socket());
    client.ask(method, target);
    return client.read_to_end();
  }
  std::vector<std::string> log_of(const std::string& container,
                                  const std::string& more = "") const {
    return entries_of(answer("/containers/" + container + "/logs?stdout=1&stderr=1" + more));
  }
  nlohmann::json inspect(const std::string& container) const {
    return engine().get("/containers/" + container + "/json").body;
  }
  bool wait_until(const std::function<bool()>& condition) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  test::temp_dir directory_;
  std::unique_ptr<simulated_host> host_;
};

inline std::string script(const std::string& text, const std::string& more = "") {
  return "services:\n  web:\n    image: busybox:1\n    network_mode: none\n    stop_signal: "
         "SIGKILL\n" +
         more + "    command: [sh, -c, '" + text + "']\n";
}

}  // namespace spillway::sim
