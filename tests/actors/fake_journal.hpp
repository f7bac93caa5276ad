// A deploy journal in memory.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "actors/ports/deploy_journal.hpp"

namespace spillway::actors::testing {

class fake_journal : public deploy_journal {
 public:
  struct entry {
    deploy_record record;
    std::string transcript;
  };
  std::map<std::string, entry> entries;
  /// At the end of every transcript.
  std::string stand_in;
  bool refuses_begin = false;
  bool refuses_append = false;
  /// While set, appended frames are acknowledged only by release_appends().
  bool hold_appends = false;
  bool refuses_finish = false;
  /// While set, ends are recorded only by release_finishes(), or never.
  bool hold_finishes = false;

  void release_appends() {
    for (auto& answer : std::exchange(held_, {})) answer({});
  }

  void release_finishes() {
    for (auto& finish : std::exchange(held_finishes_, {})) finish();
  }

  void begin(deploy_record record, done_handler handler) override {
    if (refuses_begin) return handler(tl::unexpected(std::string("disk full")));
    entries[record.id].record = record;
    handler({});
  }
  void append(std::string, std::string id, std::string frames, done_handler handler) override {
    if (refuses_append) return handler(tl::unexpected(std::string("disk full")));
    entries[id].transcript += frames;
    if (hold_appends) {
      held_.push_back(std::move(handler));
    } else {
      handler({});
    }
  }
  void finish(deploy_record record, done_handler handler) override {
    auto take = [this, record, handler] {
      if (refuses_finish) return handler(tl::unexpected(std::string("disk full")));
      entries[record.id].record = record;
      handler({});
    };
    if (!hold_finishes) return take();
    held_finishes_.push_back(take);
  }
  void read(std::string app, std::string id, std::uint64_t offset, std::size_t max_bytes,
            part_handler handler) override {
    auto found = entries.find(id);
    if (found == entries.end() || found->second.record.app != app) {
      return handler(tl::unexpected(std::string("deploy not found")));
    }
    const std::string& all = found->second.transcript;
    std::size_t end = offset;
    while (end < all.size() && (end == offset || end - offset < max_bytes)) {
      end = all.find('\n', end) + 1;
    }
    handler(transcript_part{all.substr(offset, end - offset), end == all.size(),
                            end == all.size() ? stand_in : ""});
  }

 private:
  std::vector<done_handler> held_;
  std::vector<std::function<void()>> held_finishes_;
};

}  // namespace spillway::actors::testing
