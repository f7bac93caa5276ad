#include "actors/transcript_replay.hpp"

#include "actors/batch_builder.hpp"

namespace spillway::actors {

batch_ptr frames_of(std::string_view part, transcript_replay& at, std::optional<sequence> stop) {
  batch_builder out;
  while (!part.empty() && (!stop || at.frame < *stop)) {
    const std::size_t newline = part.find('\n');
    if (newline == std::string_view::npos) break;
    const std::string_view payload = part.substr(0, newline);
    part.remove_prefix(newline + 1);
    at.offset += newline + 1;
    at.had_final_frame = !payload.ends_with(R"("done": false})");
    if (at.frame++ < at.wanted) continue;
    out.add(payload);
  }
  return out.empty() ? nullptr : out.finish();
}

}  // namespace spillway::actors
