#include "sim/host/engine_questions.hpp"

#include <signal.h>

#include <functional>
#include <utility>

#include "sim/host/ask.hpp"

namespace spillway::sim::engine_questions {

namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

const api_error gone{500, "the container is gone"};
const api_error no_engine{503, "the engine is shutting down"};

/// `act` sends an action's message.
asio::awaitable<action_result> done(std::function<void(action_reply)> act) {
  return ask<action_result>(std::move(act), tl::unexpected(gone));
}

/// Of images or networks.
template <class Change>
asio::awaitable<api_result<ordered_json>> changed(const engine_actor& in, std::string add,
                                                  std::string remove) {
  return ask<api_result<ordered_json>>(
      [in, add = std::move(add), remove = std::move(remove)](auto answer) {
        caf::anon_send(in, Change{add, remove, std::move(answer)});
      },
      tl::unexpected(no_engine));
}

}  // namespace

asio::awaitable<std::vector<found_container>> all_containers(const engine_actor& of) {
  return ask<std::vector<found_container>>(
      [of](auto answer) { caf::anon_send(of, list_containers{std::move(answer)}); }, {});
}

asio::awaitable<api_result<found_container>> find(const engine_actor& in, std::string reference) {
  return ask<api_result<found_container>>(
      [in, reference = std::move(reference)](auto answer) {
        caf::anon_send(in, find_container{reference, std::move(answer)});
      },
      tl::unexpected(no_engine));
}

asio::awaitable<api_result<std::string>> make(const engine_actor& in, std::string name,
                                              container_config config) {
  return ask<api_result<std::string>>(
      [in, name = std::move(name), config = std::move(config)](auto answer) {
        caf::anon_send(in, create_container{name, config, std::move(answer)});
      },
      tl::unexpected(no_engine));
}

asio::awaitable<std::uint64_t> open_reader(const container_actor& of, log_request asked) {
  return ask<std::uint64_t>(
      [of, asked](auto answer) {
        caf::anon_send(of, open_log{asked, std::move(answer)});
      },
      0);
}

asio::awaitable<int> wait_for_exit(const container_actor& of) {
  return ask<int>([of](auto answer) { caf::anon_send(of, wait_container{std::move(answer)}); },
                  128 + SIGKILL);
}

asio::awaitable<action_result> act(const container_actor& on, const std::string& action,
                                   const action_options& how) {
  if (action == "start") {
    return done([on](auto answer) { caf::anon_send(on, start_container{std::move(answer)}); });
  }
  if (action == "stop") {
    return done([on, patience = how.patience](auto answer) {
      caf::anon_send(on, stop_container{patience, std::move(answer)});
    });
  }
  if (action == "restart") {
    return done([on, patience = how.patience](auto answer) {
      caf::anon_send(on, restart_container{patience, std::move(answer)});
    });
  }
  if (action == "kill") {
    return done([on, signal = how.signal](auto answer) {
      caf::anon_send(on, kill_container{signal, std::move(answer)});
    });
  }
  return done([on, force = how.force](auto answer) {
    caf::anon_send(on, remove_container{force, std::move(answer)});
  });
}

asio::awaitable<action_result> unpack(const container_actor& into, std::string folder,
                                      std::string tar) {
  return done([into, folder = std::move(folder), tar = std::move(tar)](auto answer) {
    caf::anon_send(into, put_archive{folder, tar, std::move(answer)});
  });
}

asio::awaitable<api_result<ordered_json>> images_changed(const engine_actor& in, std::string add,
                                                         std::string remove) {
  return changed<change_images>(in, std::move(add), std::move(remove));
}

asio::awaitable<api_result<ordered_json>> networks_changed(const engine_actor& in, std::string add,
                                                           std::string remove) {
  return changed<change_networks>(in, std::move(add), std::move(remove));
}

asio::awaitable<ordered_json> truth_of(const engine_actor& of) {
  return ask<ordered_json>([of](auto answer) { caf::anon_send(of, ask_truth{std::move(answer)}); },
                           {});
}

asio::awaitable<std::uint32_t> begun(const engine_actor& in, std::string project) {
  return ask<std::uint32_t>(
      [in, project = std::move(project)](auto answer) {
        caf::anon_send(in, begin_deploy{project, std::move(answer)});
      },
      0);
}

asio::awaitable<bool> noted(const engine_actor& in, end_deploy deploy) {
  return ask<bool>(
      [in, deploy = std::move(deploy)](auto answer) {
        end_deploy told = deploy;
        told.answer = std::move(answer);
        caf::anon_send(in, std::move(told));
      },
      false);
}

}  // namespace spillway::sim::engine_questions
