// The built `spillway` as a running process on throw-away data.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/temp_dir.hpp"
#include "system/child_process.hpp"
#include "system/engine.hpp"
#include "system/http_client.hpp"
#include "system/viewer.hpp"

namespace spillway::system_test {

using test::temp_dir;

/// Settings by their dotted keys, `docker.host` for one, as YAML values.
using setting_values = std::map<std::string, std::string>;

/// A configuration file of such settings.
std::string configuration(const setting_values& settings);

inline constexpr const char* admin_name = "admin";
inline constexpr const char* admin_password = "correct horse battery";

/// Context: the test's thread.
class server {
 public:
  /// Starts it, waits until it listens, makes the first user and a token of theirs. Throws where
  /// that fails. Its own settings go before those that it sets itself: a free port, throw-away
  /// directories, an engine, a project prefix that no other run has.
  explicit server(setting_values settings = {});
  /// Ends it and removes the containers of its apps.
  ~server();

  address where() const { return where_; }
  pid_t pid() const { return process_->pid(); }
  const std::filesystem::path& directory() const { return directory_.path(); }
  std::filesystem::path config_file() const { return directory_ / "spillway.yaml"; }
  std::filesystem::path app_folder(const std::string& slug) const;
  std::string project(const std::string& slug) const { return prefix_ + slug; }
  const std::string& token() const { return token_; }
  std::string output() const;
  /// Resident memory in bytes.
  std::size_t resident_bytes() const;
  /// The most that was resident since `forget_peak`, or since the start.
  std::size_t peak_resident_bytes() const;
  void forget_peak() const;
  /// Files and sockets that it has open.
  std::size_t open_descriptors() const;
  /// Makes the folder of an app, so that there is one; deploys nothing.
  void add_app(const std::string& slug) const;

  /// REST as the admin, as the holder of a token, as nobody.
  http_client admin() const { return as(token_); }
  http_client as(const std::string& token) const;
  http_client nobody() const { return http_client(where_); }

  /// A stream's viewer with the admin's token.
  std::unique_ptr<viewer> watch(const std::string& target, viewer_options options = {}) const;
  std::unique_ptr<viewer> watch_as(const std::string& token, const std::string& target) const;

  /// Runs another command of the binary on this server's configuration.
  finished_command command_line(std::vector<std::string> arguments, std::string input = "") const;
  /// Makes a user and a token of theirs by the command line; returns the token.
  std::string make_user(const std::string& name, const std::string& role) const;

  /// Asks for a deploy.
  http_response post_deploy(const std::string& slug, const std::string& compose,
                            bool force = false) const;
  /// Deploys and waits for the end; returns the frames of the deploy.
  std::vector<std::string> deploy(const std::string& slug, const std::string& compose) const;

  void send_signal(int number) { process_->send_signal(number); }
  /// The exit code, or nothing where it still runs at the deadline.
  std::optional<int> wait_exit(std::chrono::milliseconds deadline = patience);
  /// SIGTERM, and its exit code.
  std::optional<int> stop();
  /// Starts it again on the same data. Throws where that fails.
  void start();

 private:
  void sign_in();

  temp_dir directory_;
  std::string prefix_;
  std::string engine_url_;
  std::unique_ptr<child_process> process_;
  address where_;
  std::string token_;
};

std::string base64(std::string_view bytes);

/// The path of the binary under test: the built one, or `SPILLWAY_TEST_BINARY`.
std::string spillway_binary();

}  // namespace spillway::system_test
