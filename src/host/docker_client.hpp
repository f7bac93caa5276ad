// Short requests to the engine. Internal to host/.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/docker_answers.hpp"
#include "host/docker_timeouts.hpp"

namespace spillway::host {

/// Knows where the engine is and which version of its API it speaks. Each call runs on the executor
/// of its coroutine, a strand, over a connection of its own. Context: any thread.
class docker_client {
 public:
  docker_client(std::string host_url, docker_timeouts timeouts)
      : host_url_(std::move(host_url)), timeouts_(timeouts) {}

  boost::asio::awaitable<engine_result<std::vector<actors::container_info>>> list(
      std::string project);
  boost::asio::awaitable<engine_result<container_details>> inspect(std::string id);

  /// `/v1.43`: asked for once, and again after the engine could not be reached.
  boost::asio::awaitable<engine_result<std::string>> version_prefix();
  /// The engine may be another one when it comes back.
  void forget_version();

  const std::string& host_url() const { return host_url_; }
  const docker_timeouts& timeouts() const { return timeouts_; }

 private:
  boost::asio::awaitable<engine_result<std::string>> get(std::string target);
  boost::asio::awaitable<engine_result<std::string>> get_versioned(std::string target);

  const std::string host_url_;
  const docker_timeouts timeouts_;
  std::mutex mutex_;
  std::optional<std::string> version_prefix_;
};

class docker_exchange;

/// The rest of the answer: its body for status 200, an error for every other.
boost::asio::awaitable<engine_result<std::string>> read_answer(docker_exchange& exchange,
                                                               unsigned status,
                                                               docker_timeouts timeouts);

}  // namespace spillway::host
