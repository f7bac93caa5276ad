// What compose does to the containers of a project.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/host/compose_images.hpp"
#include "sim/host/compose_printer.hpp"
#include "sim/host/engine_client.hpp"

namespace spillway::sim {

/// The body of the request that makes a service's container of this number, labels and all.
nlohmann::ordered_json container_body(const compose_place& place, const compose_service& service,
                                      unsigned number);
/// `shop_web_1`
std::string container_name(const compose_place& place, const compose_service& service,
                           unsigned number);
struct up_options {
  bool remove_orphans = false;
  bool no_recreate = false;
  bool force_recreate = false;
  bool build = false;
  bool no_start = false;
  std::map<std::string, unsigned> scales;
};

/// Each action returns the exit code. Throws engine_unreachable. Context: one thread.
class compose_project {
 public:
  compose_project(compose_place place, compose_file file, const engine_client& engine,
                  compose_printer& printer)
      : place_(std::move(place)), file_(std::move(file)), engine_(engine), printer_(printer) {}

  /// `services` of every action: those meant; none: all.
  int up(const up_options& options, const std::set<std::string>& services);
  int down(bool remove_orphans);
  /// `start`, `stop`, `restart`, `kill`, on the containers there are.
  int act(const std::string& action, const std::string& doing,
          const std::set<std::string>& services, std::optional<int> timeout);
  int remove_stopped(const std::set<std::string>& services);
  int list(bool ids_only, const std::set<std::string>& services);

 private:
  struct container {
    std::string id;
    std::string name;
    std::string service;
    unsigned number = 1;
    std::string hash;
    std::string state;
    std::string status;
    std::string command;
  };
  using failure = std::optional<std::string>;

  static std::string state_text(const container& of);
  std::vector<container> containers() const;
  std::vector<container> containers_of(const std::set<std::string>& services) const;
  std::vector<container> orphans() const;

  std::size_t widest_name(const up_options& options, const std::set<std::string>& services) const;
  void say_nothing_starts(const std::set<std::string>& services);
  void provide_network();
  bool remove_orphans();
  bool update_service(const compose_service& service, const up_options& options);
  bool reduce(std::vector<container>& existing, unsigned wanted);
  bool revive(const compose_service& service, const std::vector<container>& existing,
              const up_options& options);
  bool add(const compose_service& service, std::set<unsigned> taken, unsigned missing,
           const up_options& options);
  failure create(const compose_service& service, unsigned number, bool start) const;
  failure stop_and_remove(const container& which) const;

  compose_place place_;
  compose_file file_;
  const engine_client& engine_;
  compose_printer& printer_;
};

}  // namespace spillway::sim
