// The Docker Engine that the tests run against, spoken to past Spillway.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "system/http_client.hpp"

namespace spillway::system_test {

/// `SPILLWAY_TEST_DOCKER_HOST`; nothing where it is unset or nobody answers there.
std::optional<std::string> docker_host();

/// The first words of the compose that works on that engine (`SPILLWAY_TEST_COMPOSE`, with blanks
/// between them); docker-compose unless it is set.
std::vector<std::string> compose_words();

/// The image that tests run: busybox or anything with a shell like it (`SPILLWAY_TEST_IMAGE`).
std::string test_image();

/// Skips a test where there is no engine.
#define SPILLWAY_NEEDS_ENGINE()                                                            \
  if (!spillway::system_test::docker_host())                                               \
  GTEST_SKIP() << "SPILLWAY_TEST_DOCKER_HOST names no Docker Engine that answers; set it " \
                  "to run this test"

/// Context: any thread.
class engine {
 public:
  explicit engine(const std::string& url);

  /// The id of a project's container, or empty.
  std::string container(const std::string& project, const std::string& service,
                        const std::string& replica = "1") const;
  void kill_container(const std::string& id) const;
  /// Makes the file `/name` in a container whose script waits for it.
  void let_go(const std::string& id, const std::string& name) const;
  /// A container's log as the engine stores it, with timestamps; a TTY's comes as plain text.
  std::string raw_log(const std::string& id) const;
  /// Removes every container whose compose project begins with `prefix`, and what was built for it.
  void remove_projects(const std::string& prefix) const;

 private:
  nlohmann::json list() const;

  std::string url_;
  http_client client_;
};

/// A service that runs a shell script; `$` reaches the script as it is.
nlohmann::json shell_service(const std::string& script);

/// A compose file of services.
std::string compose_file(const nlohmann::json& services);

/// A compose file with the one service `web` that runs a shell script.
std::string web_app(const std::string& script);

/// Prints `line N` for N from 1 to `count`, at about 500 lines a second.
std::string numbered_lines(std::size_t count);

/// Keeps a container running after its output.
inline const std::string stay = "; exec sleep 1000000";

}  // namespace spillway::system_test
