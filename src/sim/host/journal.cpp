#include "sim/host/journal.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "protocol/timestamp.hpp"

namespace spillway::sim {

journal::journal(const std::filesystem::path& path) {
  if (path.empty()) return;
  file_.open(path, std::ios::binary | std::ios::trunc);
  if (!file_) throw std::runtime_error("cannot write the journal " + path.string());
}

void journal::write(nlohmann::ordered_json line) {
  if (!file_.is_open()) return;
  file_ << line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n'
        << std::flush;
}

void journal::note(const fault& what, const std::string& target, nlohmann::ordered_json detail) {
  const auto now =
      std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  nlohmann::ordered_json line{{"time", protocol::format_rfc3339_nano(now)},
                              {"fault", fault_name(what.kind)},
                              {"planned_ms", what.at.count() / 1'000'000}};
  if (!target.empty()) line["target"] = target;
  if (detail.is_object()) line.update(detail);
  const std::lock_guard lock(mutex_);
  ++counts_.at(static_cast<std::size_t>(what.kind));
  write(std::move(line));
}

void journal::note_event(const std::string& event, nlohmann::ordered_json detail) {
  const auto now =
      std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  nlohmann::ordered_json line{{"time", protocol::format_rfc3339_nano(now)}, {"event", event}};
  if (detail.is_object()) line.update(detail);
  const std::lock_guard lock(mutex_);
  write(std::move(line));
}

std::uint64_t journal::count(fault_kind kind) const {
  const std::lock_guard lock(mutex_);
  return counts_.at(static_cast<std::size_t>(kind));
}

nlohmann::ordered_json journal::counts() const {
  const std::lock_guard lock(mutex_);
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (const fault_kind each : all_fault_kinds) {
    const auto count = counts_.at(static_cast<std::size_t>(each));
    if (count != 0) counts[std::string(fault_name(each))] = count;
  }
  return counts;
}

}  // namespace spillway::sim
