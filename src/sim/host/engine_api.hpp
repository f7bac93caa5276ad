// The Engine API: from requests to answers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sim/host/api_answers.hpp"

namespace spillway::sim {

/// How the host was set up, for compose.
struct host_settings {
  std::uint64_t seed = 0;
  std::string directory;
  std::chrono::milliseconds compose_duration{0};
  std::uint64_t deploy_lines = 0;
  printing_model usual_model;
};

struct api_request {
  std::string method;
  std::string target;
  std::string body;
};

/// Context: any thread; answer() on the connection's strand.
class engine_api {
 public:
  engine_api(engine_actor engine, host_settings settings)
      : engine_(std::move(engine)), settings_(std::move(settings)) {}

  boost::asio::awaitable<api_answer> answer(api_request request) const;
  /// Lets go of the actors.
  void close() { destroy(engine_); }

 private:
  boost::asio::awaitable<api_answer> list(const api_target& target) const;
  boost::asio::awaitable<api_answer> create(const api_request& request,
                                            const api_target& target) const;
  boost::asio::awaitable<api_answer> open(found_container on, const api_target& target) const;
  boost::asio::awaitable<api_answer> containers(const api_request& request,
                                                const api_target& target) const;
  boost::asio::awaitable<api_answer> one_container(const api_request& request,
                                                   const api_target& target) const;
  boost::asio::awaitable<api_answer> images(const api_request& request,
                                            const api_target& target) const;
  boost::asio::awaitable<api_answer> networks(const api_request& request,
                                              const api_target& target) const;
  boost::asio::awaitable<api_answer> internals(const api_request& request,
                                               const api_target& target) const;
  boost::asio::awaitable<api_answer> info() const;

  engine_actor engine_;
  host_settings settings_;
};

}  // namespace spillway::sim
