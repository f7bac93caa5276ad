// What the Engine API asks the actors. No coroutines: what they capture must not lie in a frame.
// Where an actor has gone, the answer says so.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/messages.hpp"

namespace spillway::sim::engine_questions {

/// Of a stop or restart, of a kill, of a removal.
struct action_options {
  std::optional<std::chrono::seconds> patience;
  int signal = 0;
  bool force = false;
};

boost::asio::awaitable<std::vector<found_container>> all_containers(const engine_actor& of);
boost::asio::awaitable<api_result<found_container>> find(const engine_actor& in,
                                                         std::string reference);
/// The id.
boost::asio::awaitable<api_result<std::string>> make(const engine_actor& in, std::string name,
                                                     container_config config);
/// The reader's number; 0 where the container has gone.
boost::asio::awaitable<std::uint64_t> open_reader(const container_actor& of, log_request asked);
/// The exit code.
boost::asio::awaitable<int> wait_for_exit(const container_actor& of);
/// start, stop, restart, kill or remove.
boost::asio::awaitable<action_result> act(const container_actor& on, const std::string& action,
                                          const action_options& how);
boost::asio::awaitable<action_result> unpack(const container_actor& into, std::string folder,
                                             std::string tar);
/// All there are once `add` has come and `remove` has gone; either may be empty.
boost::asio::awaitable<api_result<nlohmann::ordered_json>> images_changed(const engine_actor& in,
                                                                          std::string add,
                                                                          std::string remove);
boost::asio::awaitable<api_result<nlohmann::ordered_json>> networks_changed(const engine_actor& in,
                                                                            std::string add,
                                                                            std::string remove);
/// Of all containers, for those who check what came of them.
boost::asio::awaitable<nlohmann::ordered_json> truth_of(const engine_actor& of);
/// The number of the deploy.
boost::asio::awaitable<std::uint32_t> begun(const engine_actor& in, std::string project);
boost::asio::awaitable<bool> noted(const engine_actor& in, end_deploy deploy);

}  // namespace spillway::sim::engine_questions
