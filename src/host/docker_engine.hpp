// The container engine: Docker's Engine API over a Unix socket or TCP.
#pragma once

#include <memory>
#include <string>

#include "actors/ports/container_engine.hpp"
#include "host/docker_timeouts.hpp"
#include "host/log_limits.hpp"

namespace boost::asio {
class io_context;
}

namespace spillway::host {

class docker_client;

/// Context: any thread. `io` outlives the engine and its streams; handlers run on its threads.
class docker_engine : public actors::container_engine {
 public:
  /// `host_url` is `unix:///path` or `tcp://host:port`, as config::parse_docker_host returns it.
  docker_engine(boost::asio::io_context& io, std::string host_url, log_limits limits,
                docker_timeouts timeouts = {});
  ~docker_engine() override;

  void list(std::string project, list_handler handler) override;
  std::unique_ptr<actors::log_stream> open_log(std::string container_id, actors::log_query query,
                                               chunk_handler handler) override;

 private:
  boost::asio::io_context& io_;
  /// Outlives the engine in what is under way.
  std::shared_ptr<docker_client> client_;
  log_limits limits_;
};

}  // namespace spillway::host
