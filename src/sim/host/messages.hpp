// Every message between the actors of a simulated host: who sends it to whom, and what it means.
#pragma once

#include <caf/all.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "actors/reply.hpp"
#include "sim/host/container_config.hpp"
#include "sim/host/container_log.hpp"
#include "sim/host/container_state.hpp"
#include "sim/host/fault.hpp"

namespace spillway::sim {

/// Whether something had to be done.
enum class action_outcome { done, was_so_already };
using action_result = api_result<action_outcome>;
using action_reply = actors::reply<action_result>;

// --- to a container -----------------------------------------------------------------------------
struct start_container;
struct stop_container;
struct restart_container;
struct kill_container;
struct remove_container;
struct wait_container;
struct put_archive;
struct open_log;
struct read_log;
struct close_log;
struct strike;
struct script_started;
struct script_printed;
struct script_ended;
struct wake;
struct health_checked;
struct halt;
using container_actor =
    caf::typed_actor<caf::reacts_to<start_container>, caf::reacts_to<stop_container>,
                     caf::reacts_to<restart_container>, caf::reacts_to<kill_container>,
                     caf::reacts_to<remove_container>, caf::reacts_to<wait_container>,
                     caf::reacts_to<put_archive>, caf::reacts_to<open_log>,
                     caf::reacts_to<read_log>, caf::reacts_to<close_log>, caf::reacts_to<strike>,
                     caf::reacts_to<script_started>, caf::reacts_to<script_printed>,
                     caf::reacts_to<script_ended>, caf::reacts_to<wake>,
                     caf::reacts_to<health_checked>, caf::reacts_to<halt>>;

// --- to the engine ------------------------------------------------------------------------------
struct create_container;
struct find_container;
struct list_containers;
struct container_told;
struct container_removed;
struct recreate_container;
struct restart_all;
struct ask_truth;
struct change_images;
struct change_networks;
struct begin_deploy;
struct end_deploy;
struct shut_down;
using engine_actor =
    caf::typed_actor<caf::reacts_to<create_container>, caf::reacts_to<find_container>,
                     caf::reacts_to<list_containers>, caf::reacts_to<container_told>,
                     caf::reacts_to<container_removed>, caf::reacts_to<recreate_container>,
                     caf::reacts_to<restart_all>, caf::reacts_to<ask_truth>,
                     caf::reacts_to<change_images>, caf::reacts_to<change_networks>,
                     caf::reacts_to<begin_deploy>, caf::reacts_to<end_deploy>,
                     caf::reacts_to<shut_down>>;

/// Why a container's actor is to be woken: see alarm.
enum class wake_reason {
  next_line,
  stop_is_overdue,
  right_clock,
  start_again,
  check_health,
  removed
};

/// API to container: run.
struct start_container {
  action_reply answer;
};
/// API to container: end, by its stop signal, and by SIGKILL where that takes longer than `within`.
struct stop_container {
  std::optional<std::chrono::seconds> within;
  action_reply answer;
};
/// API to container: stop, then start.
struct restart_container {
  std::optional<std::chrono::seconds> within;
  action_reply answer;
};
struct kill_container {
  int signal;
  action_reply answer;
};
/// API to container: be gone. With `force`, also one that runs.
struct remove_container {
  bool force;
  action_reply answer;
};
/// API to container: tell the exit code once you do not run.
struct wait_container {
  actors::reply<int> answer;
};
/// API to container: unpack a tar archive into a folder of yours.
struct put_archive {
  std::string folder;
  std::string tar;
  action_reply answer;
};
/// Connection to container: a reader of your log; the answer is its number.
struct open_log {
  log_request asked;
  actors::reply<std::uint64_t> answer;
};
/// Connection to container: the reader's next batch, please.
struct read_log {
  std::uint64_t reader;
  container_log::answer answer;
};
/// Connection to container: the reader is gone.
struct close_log {
  std::uint64_t reader;
};
/// Faults to container: this befalls you.
struct strike {
  fault what;
};
/// Process to container: the command runs (as this process), or cannot.
struct script_started {
  std::uint64_t start;
  int pid;
  std::string error;
};
/// Process to container: output; ask for more by read().
struct script_printed {
  std::uint64_t start;
  output_kind from;
  std::string bytes;
};
/// Process to container: it has ended, and there is no output left.
struct script_ended {
  std::uint64_t start;
  int exit_code;
};
/// Alarm to container: the time has come. An alarm that was set anew has another number.
struct wake {
  wake_reason why;
  std::uint64_t number;
};
/// Process of a health check to container: its exit code.
struct health_checked {
  std::uint64_t start;
  int exit_code;
};
/// Engine to container: the host ends; kill what runs, and quit.
struct halt {};

/// A container, for whoever is to talk to it.
struct found_container {
  container_actor actor;
  container_view_ptr view;
};

/// API to engine: make a container; the answer is its id.
struct create_container {
  std::string name;
  container_config config;
  actors::reply<api_result<std::string>> answer;
};
/// API to engine: by id, the beginning of one, or name.
struct find_container {
  std::string reference;
  actors::reply<api_result<found_container>> answer;
};
/// API or faults to engine: all there are, newest first.
struct list_containers {
  actors::reply<std::vector<found_container>> answer;
};
/// Container to engine: for those who watch events.
struct container_told {
  std::string event;
};
/// Container to engine: I am removed; this many lines I printed.
struct container_removed {
  std::string id;
};
/// Faults to engine: remove this one, and make and start another like it.
struct recreate_container {
  std::string id;
};
/// Faults to engine: stop all that run, and start them again.
struct restart_all {
  std::chrono::nanoseconds after;
};
/// API to engine: what was printed, by every container there was; and by deploys.
struct ask_truth {
  actors::reply<nlohmann::ordered_json> answer;
};
/// API to engine: list images (no change), add one, or remove one.
struct change_images {
  std::string add;
  std::string remove;
  actors::reply<api_result<nlohmann::ordered_json>> answer;
};
struct change_networks {
  std::string add;
  std::string remove;
  actors::reply<api_result<nlohmann::ordered_json>> answer;
};
/// Compose to engine: a deploy of this project begins; the answer is which one it is.
struct begin_deploy {
  std::string project;
  actors::reply<std::uint32_t> answer;
};
struct end_deploy {
  std::string project;
  std::uint32_t number;
  std::uint64_t printed;
  int exit_code;
  actors::reply<bool> answer;
};
/// Host to engine: everything ends.
struct shut_down {};

}  // namespace spillway::sim

#define SPILLWAY_SIM_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(spillway::sim::type)
SPILLWAY_SIM_MESSAGE(start_container)
SPILLWAY_SIM_MESSAGE(stop_container)
SPILLWAY_SIM_MESSAGE(restart_container)
SPILLWAY_SIM_MESSAGE(kill_container)
SPILLWAY_SIM_MESSAGE(remove_container)
SPILLWAY_SIM_MESSAGE(wait_container)
SPILLWAY_SIM_MESSAGE(put_archive)
SPILLWAY_SIM_MESSAGE(open_log)
SPILLWAY_SIM_MESSAGE(read_log)
SPILLWAY_SIM_MESSAGE(close_log)
SPILLWAY_SIM_MESSAGE(strike)
SPILLWAY_SIM_MESSAGE(script_started)
SPILLWAY_SIM_MESSAGE(script_printed)
SPILLWAY_SIM_MESSAGE(script_ended)
SPILLWAY_SIM_MESSAGE(wake)
SPILLWAY_SIM_MESSAGE(health_checked)
SPILLWAY_SIM_MESSAGE(halt)
SPILLWAY_SIM_MESSAGE(create_container)
SPILLWAY_SIM_MESSAGE(find_container)
SPILLWAY_SIM_MESSAGE(list_containers)
SPILLWAY_SIM_MESSAGE(container_told)
SPILLWAY_SIM_MESSAGE(container_removed)
SPILLWAY_SIM_MESSAGE(recreate_container)
SPILLWAY_SIM_MESSAGE(restart_all)
SPILLWAY_SIM_MESSAGE(ask_truth)
SPILLWAY_SIM_MESSAGE(change_images)
SPILLWAY_SIM_MESSAGE(change_networks)
SPILLWAY_SIM_MESSAGE(begin_deploy)
SPILLWAY_SIM_MESSAGE(end_deploy)
SPILLWAY_SIM_MESSAGE(shut_down)
#undef SPILLWAY_SIM_MESSAGE
