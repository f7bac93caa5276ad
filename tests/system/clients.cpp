#include "system/clients.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "support/paths.hpp"

namespace spillway::system_test {
namespace {

/// The first of some programs that PATH has.
std::string find_program(const std::vector<std::string>& names) {
  const char* path = std::getenv("PATH");
  for (const auto& name : names) {
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
      auto file = folder + "/" + name;
      if (::access(file.c_str(), X_OK) == 0) return file;
    }
  }
  return "";
}

command ws_command(const server& of, const address& where, const std::string& target,
                   std::size_t awaited) {
  return {{"node", client_script("ws_viewer.mjs"), node_modules_folder(),
           "ws://" + where.authority() + target, std::to_string(awaited)},
          {{"SPILLWAY_TOKEN", of.token()}},
          ""};
}

}  // namespace

std::string client_script(const std::string& name) {
  return test::source_folder() + "/tests/clients/" + name;
}

std::string node_modules_folder() {
  return test::source_folder() + "/build/clients";
}

std::optional<std::string> missing_module(const std::string& name) {
  if (find_program({"node"}).empty()) return "there is no node";
  if (!std::filesystem::exists(node_modules_folder() + "/node_modules/" + name)) {
    return "there is no " + name + " in build/clients/node_modules";
  }
  return std::nullopt;
}

std::optional<std::string> missing_ws() {
  return missing_module("ws");
}

std::string chromium_program() {
  const char* chosen = std::getenv("SPILLWAY_TEST_CHROMIUM");
  if (chosen && *chosen) return chosen;
  return find_program({"chromium", "chromium-headless-shell", "google-chrome"});
}

std::optional<std::string> missing_chromium() {
  if (find_program({"node"}).empty()) return "there is no node";
  if (chromium_program().empty()) return "there is no chromium";
  return std::nullopt;
}

client_program::client_program(command what) {
  what.environment["HOME"] = home_->path();
  process_ = std::make_unique<child_process>(what);
}

client_program client_program::ws(const server& of, const address& where, const std::string& target,
                                  std::size_t awaited) {
  return client_program(ws_command(of, where, target, awaited));
}

client_program client_program::stuck_ws(const server& of, const address& where,
                                        const std::string& target, std::size_t awaited) {
  auto what = ws_command(of, where, target, awaited);
  what.arguments.emplace_back("stuck");
  return client_program(std::move(what));
}

client_program client_program::chromium(const address& where, const std::string& target,
                                        std::size_t awaited) {
  return client_program({{"node", client_script("chromium_viewer.mjs"), chromium_program(),
                          "http://" + where.authority(), target, std::to_string(awaited)},
                         {{"SPILLWAY_USER", admin_name}, {"SPILLWAY_PASSWORD", admin_password}},
                         ""});
}

bool client_program::wait_received() {
  return process_->wait_for_output("received ").has_value();
}

void client_program::go_on() {
  process_->send_signal(SIGUSR2);
}

client_report client_program::wait_report() {
  const auto line = process_->wait_for_output("report ", 2 * patience);
  const auto report = nlohmann::json::parse(line.value_or(""), nullptr, false);
  if (!report.is_object()) {
    throw std::runtime_error("the client did not report; it wrote: " + process_->standard_error());
  }
  return {report.at("extensions"),
          report.at("code"),
          report.at("reason"),
          report.at("frames"),
          report.value("wire_bytes", std::size_t{0}),
          report.value("payload_bytes", std::size_t{0})};
}

}  // namespace spillway::system_test
