#include "store/deploy_recovery.hpp"

#include "store/transcript_end.hpp"

namespace spillway::store {
namespace {

constexpr int abandoned_exit_code = -1;

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
  const std::string frames =
      closing_frames(record, last, "[spillway] the server stopped while this deploy ran");
  if (const auto appended = file->append(frames); !appended)
    return tl::unexpected(appended.error());
  return record;
}

}  // namespace spillway::store
