#include "store/deploy_recovery.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "protocol/frames.hpp"

namespace spillway::store {
namespace {

constexpr int abandoned_exit_code = -1;

/// The last frame of a transcript, as far as it can be read.
struct last_frame {
  std::string action;
  bool final = false;
  std::string status;
  int exit_code = abandoned_exit_code;
  std::optional<protocol::timestamp> at;
};

std::string text_of(const nlohmann::json& frame, const char* key) {
  const auto found = frame.find(key);
  return found != frame.end() && found->is_string() ? found->get<std::string>() : std::string();
}

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

result<transcript_file> open_or_create(const transcript_archive& transcripts,
                                       const actors::deploy_record& record) {
  auto opened = transcripts.open(record.app, record.id);
  if (opened || opened.error().code != errc::not_found) return opened;
  return transcripts.create(record.app, record.id);
}

}  // namespace

result<actors::deploy_record> close_abandoned_run(const transcript_archive& transcripts,
                                                  actors::deploy_record record,
                                                  protocol::timestamp now) {
  auto file = open_or_create(transcripts, record);
  if (!file) return tl::unexpected(file.error());
  if (const auto cut = file->drop_torn_line(); !cut) return tl::unexpected(cut.error());
  const auto line = file->last_line();
  if (!line) return tl::unexpected(line.error());

  const last_frame last = parse_last_frame(*line);
  if (last.final) {
    record.status = last.status;
    record.exit_code = last.exit_code;
    record.finished_at = last.at.value_or(now);
    return record;
  }
  record.status = "failed";
  record.exit_code = abandoned_exit_code;
  record.finished_at = now;
  const std::string& action = last.action.empty() ? record.action : last.action;
  std::string frames;
  protocol::append_deploy_frame(frames, now, action,
                                "[spillway] the server stopped while this deploy ran");
  frames += '\n';
  protocol::append_deploy_final_frame(frames, now, action, record.status, record.exit_code);
  frames += '\n';
  if (const auto appended = file->append(frames); !appended)
    return tl::unexpected(appended.error());
  return record;
}

}  // namespace spillway::store
