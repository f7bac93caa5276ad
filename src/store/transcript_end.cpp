#include "store/transcript_end.hpp"

#include <nlohmann/json.hpp>

#include "protocol/frames.hpp"

namespace spillway::store {
namespace {

std::string text_of(const nlohmann::json& frame, const char* key) {
  const auto found = frame.find(key);
  return found != frame.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

last_frame parse_last_frame(const std::string& line) {
  last_frame parsed;
  const auto frame = nlohmann::json::parse(line, nullptr, false);
  if (!frame.is_object()) return parsed;
  parsed.action = text_of(frame, "action");
  parsed.status = text_of(frame, "status");
  const bool known =
      parsed.status == "success" || parsed.status == "failed" || parsed.status == "cancelled";
  const auto done = frame.find("done");
  parsed.final = known && done != frame.end() && done->is_boolean() && done->get<bool>();
  const auto code = frame.find("exit_code");
  if (code != frame.end() && code->is_number_integer()) parsed.exit_code = code->get<int>();
  parsed.at = protocol::parse_rfc3339(text_of(frame, "timestamp"));
  return parsed;
}

std::string closing_frames(const actors::deploy_record& record, const last_frame& last,
                           std::string_view why) {
  const std::string& action = last.action.empty() ? record.action : last.action;
  std::string frames;
  protocol::append_deploy_frame(frames, record.finished_at, action, why);
  frames += '\n';
  protocol::append_deploy_final_frame(frames, record.finished_at, action, record.status,
                                      record.exit_code);
  frames += '\n';
  return frames;
}

result<std::string> missing_end(const transcript_file& file, const actors::deploy_record& record) {
  const auto line = file.last_line();
  if (!line) return tl::unexpected(line.error());
  const last_frame last = parse_last_frame(*line);
  if (last.final) return std::string();
  return closing_frames(record, last, "[spillway] the rest of this deploy was not recorded");
}

}  // namespace spillway::store
