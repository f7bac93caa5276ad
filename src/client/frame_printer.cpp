#include "client/frame_printer.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace spillway::client {

void frame_printer::print(std::string_view frame) {
  const auto json = nlohmann::json::parse(frame, nullptr, false);
  const auto text = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
  };
  if (json.is_string()) {
    out_ << json.get<std::string>() << '\n';
  } else if (!json.is_object()) {
    out_ << frame << '\n';
  } else if (json.contains("error")) {
    error_ = text("error");
  } else if (json.contains("line")) {
    out_ << text("ts") << ' ' << text("line") << '\n';
  } else if (!json.value("done", false)) {
    out_ << '[' << text("action") << "] " << text("output") << '\n';
  } else if (text("action") == "none") {
    out_ << "no deploy is running\n";
  } else {
    const std::string status = text("status");
    deploy_failed_ = status != "success";
    out_ << "[" << text("action") << "] " << status << ", exit code " << json.value("exit_code", 0)
         << '\n';
  }
  out_.flush();
}

}  // namespace spillway::client
