// Compose commands as processes of this host.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "actors/ports/compose_runner.hpp"

namespace boost::asio {
class io_context;
}

namespace spillway::host {

class compose_locator;

/// Runs `COMMAND -p PROJECT -f FILE ARGUMENTS`, each in a process group of its own, from the folder
/// of the file, where compose finds an `.env` by itself. What could be secret goes by files and by
/// the environment: others can read a command line. Context: any thread. The I/O context must
/// outlive it and the processes it started.
class compose_processes : public actors::compose_runner {
 public:
  struct options {
    /// The first words of every command; empty: what `compose_locator` finds.
    std::vector<std::string> command;
    /// DOCKER_HOST of every command; empty: the inherited one.
    std::string docker_host;
    /// DOCKER_CONFIG of every command, where registry credentials are; empty: the inherited one.
    std::filesystem::path config_dir;
    /// Of the server (deploy_mark).
    std::string instance;
    std::size_t max_line_bytes = 256 * 1024;
    /// How long SIGTERM may take before SIGKILL follows.
    std::chrono::milliseconds kill_grace{10'000};
  };

  compose_processes(boost::asio::io_context& io, options o);
  ~compose_processes() override;

  std::unique_ptr<actors::compose_process> start(actors::compose_command command,
                                                 output_handler handler) override;

 private:
  boost::asio::io_context& io_;
  options options_;
  std::unique_ptr<compose_locator> locator_;
};

}  // namespace spillway::host
