// What a container is made from.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/api_target.hpp"
#include "sim/host/label_filter.hpp"
#include "sim/host/printing_model.hpp"

namespace spillway::sim {

struct health_check {
  /// `["CMD", "true"]` or `["CMD-SHELL", "…"]`.
  std::vector<std::string> test;
  std::chrono::nanoseconds interval = std::chrono::seconds(30);
  int retries = 3;
};

/// The body of `POST /containers/create`, as far as it means something here.
struct container_config {
  std::string image;
  std::vector<std::string> entrypoint;
  std::vector<std::string> command;
  std::vector<std::string> environment;
  label_map labels;
  bool tty = false;
  std::string working_directory;
  std::string host_name;
  std::string network_mode = "default";
  std::string restart_policy = "no";
  /// Ports of the host that it wants for itself: `8080/tcp`.
  std::vector<std::string> published_ports;
  std::string stop_signal = "SIGTERM";
  bool stop_signal_given = false;
  std::chrono::seconds stop_timeout{10};
  std::optional<health_check> health;
  /// Modelled, where it is given (member `Sim`, which no real Engine knows): nothing is run.
  std::optional<printing_model> model;

  /// The words of what runs in it.
  std::vector<std::string> words() const;
};

api_result<container_config> parse_container_config(const std::string& body);

/// `SIGTERM`, `TERM` or `15`.
std::optional<int> signal_number(std::string_view text);

}  // namespace spillway::sim
