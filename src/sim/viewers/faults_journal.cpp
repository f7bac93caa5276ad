#include "sim/viewers/faults_journal.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "protocol/timestamp.hpp"

namespace spillway::sim {

namespace {

using time_point = std::chrono::system_clock::time_point;

std::optional<time_point> time_of(const std::string& text) {
  const auto parsed = protocol::parse_rfc3339(text);
  if (!parsed) return {};
  return time_point(std::chrono::duration_cast<time_point::duration>(parsed->time_since_epoch()));
}

std::string text_in(const nlohmann::json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool life_exits::may_end_after(std::uint64_t number, time_point opened) const {
  return removed || std::any_of(exits.begin(), exits.end(), [&](const exit& each) {
           return each.printed == number || (each.printed < number && each.until >= opened);
         });
}

tl::expected<host_journal, std::string> read_host_journal(const std::string& file) {
  std::ifstream lines(file);
  if (!lines) return tl::unexpected("cannot read the journal of faults " + file);
  host_journal made;
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = nlohmann::json::parse(line, nullptr, false);
    if (!parsed.is_object()) continue;
    const auto at = time_of(text_in(parsed, "time"));
    if (!at) continue;
    const auto event = text_in(parsed, "event");
    const std::pair life(text_in(parsed, "container"), parsed.value("life", std::uint32_t{0}));
    if (!event.empty() && !life.first.empty()) {
      auto& told = made.lives[life];
      if (event == "die") told.exits.push_back({*at, parsed.value("printed", 0UL)});
      if (event == "start" && !told.exits.empty()) told.exits.back().until = *at;
      told.removed = told.removed || event == "destroy";
    }
    if (parsed.contains("fault"))
      made.faults.push_back({*at, text_in(parsed, "fault"), text_in(parsed, "target")});
  }
  return made;
}

}  // namespace spillway::sim
