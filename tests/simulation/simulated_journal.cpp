#include "simulation/simulated_journal.hpp"

namespace spillway::simulation {

using namespace actors;

void simulated_journal::begin(deploy_record record, done_handler handler) {
  world_.soon(lane_, [this, record = std::move(record), handler = std::move(handler)] {
    if (world_.chance(how_.refuses_begin)) return handler(refusal("disk full"));
    if (entries_.contains(record.id)) world_.broken("a deploy began twice: " + record.id);
    entries_[record.id].record = record;
    world_.note("recorded " + record.id);
    handler({});
  });
}

void simulated_journal::append(std::string, std::string id, std::string frames,
                               done_handler handler) {
  world_.soon(lane_,
              [this, id = std::move(id), frames = std::move(frames), handler = std::move(handler)] {
                const auto found = entries_.find(id);
                if (found == entries_.end()) return handler(refusal("no such deploy"));
                if (found->second.torn || world_.chance(how_.refuses_append)) {
                  found->second.torn = true;
                  return handler(refusal("disk full"));
                }
                found->second.transcript += frames;
                handler({});
              });
}

void simulated_journal::finish(deploy_record record, done_handler handler) {
  world_.soon(lane_, [this, record = std::move(record), handler = std::move(handler)] {
    if (world_.chance(how_.refuses_finish)) return handler(refusal("database is locked"));
    const auto found = entries_.find(record.id);
    if (found == entries_.end()) return handler({});
    found->second.record = record;
    ++found->second.finishes;
    world_.note("finished " + record.id);
    handler({});
  });
}

void simulated_journal::read(std::string app, std::string id, std::uint64_t offset,
                             std::size_t max_bytes, part_handler handler) {
  world_.soon(lane_, [this, app = std::move(app), id = std::move(id), offset, max_bytes,
                      handler = std::move(handler)] {
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.record.app != app)
      return handler(refusal("deploy not found"));
    const std::string& all = found->second.transcript;
    if (offset > all.size()) world_.broken("a transcript was read beyond its end");
    std::size_t end = offset;
    while (end < all.size() && (end == offset || end - offset < max_bytes))
      end = all.find('\n', end) + 1;
    transcript_part part{all.substr(offset, end - offset), end == all.size(), {}};
    const bool ended = found->second.record.status != "running";
    if (part.at_end && ended && found->second.torn)
      part.stand_in = R"({"timestamp": "", "action": "none", "output": "", "done": true})"
                      "\n";
    handler(std::move(part));
  });
}

}  // namespace spillway::simulation
