// Ports that count what passes through them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "actors/ports/container_engine.hpp"
#include "actors/ports/deploy_journal.hpp"
#include "app/metrics.hpp"

namespace spillway::app {

/// Context: that of the port; `inner` and `counts` outlive the actors.
class metered_engine : public actors::container_engine {
 public:
  metered_engine(actors::container_engine& inner, metrics& counts)
      : inner_(inner), counts_(counts) {}

  void list(std::string project, list_handler handler) override {
    counts_.engine_called("list");
    inner_.list(std::move(project), [this, handler = std::move(handler)](auto containers) {
      if (!containers) counts_.engine_failed("list", containers.error());
      handler(std::move(containers));
    });
  }
  std::unique_ptr<actors::log_stream> open_log(std::string container_id, actors::log_query query,
                                               chunk_handler handler) override {
    counts_.engine_called("logs");
    return inner_.open_log(
        std::move(container_id), query,
        [this, handler = std::move(handler)](std::shared_ptr<const actors::log_chunk> chunk) {
          if (chunk->end == actors::log_end::failed) counts_.engine_failed("logs", chunk->error);
          handler(std::move(chunk));
        });
  }

 private:
  actors::container_engine& inner_;
  metrics& counts_;
};

/// The same.
class metered_journal : public actors::deploy_journal {
 public:
  metered_journal(actors::deploy_journal& inner, metrics& counts)
      : inner_(inner), counts_(counts) {}

  void begin(actors::deploy_record record, done_handler handler) override {
    inner_.begin(std::move(record), std::move(handler));
  }
  void append(std::string app, std::string deploy_id, std::string frames,
              done_handler handler) override {
    inner_.append(std::move(app), std::move(deploy_id), std::move(frames), std::move(handler));
  }
  /// One that fails is tried again, and counts when it is recorded.
  void finish(actors::deploy_record record, done_handler handler) override {
    auto kept = record;
    inner_.finish(std::move(record),
                  [this, kept = std::move(kept), handler = std::move(handler)](auto result) {
                    if (result) counts_.deploy_ended(kept);
                    handler(std::move(result));
                  });
  }
  void read(std::string app, std::string deploy_id, std::uint64_t offset, std::size_t max_bytes,
            part_handler handler) override {
    inner_.read(std::move(app), std::move(deploy_id), offset, max_bytes, std::move(handler));
  }

 private:
  actors::deploy_journal& inner_;
  metrics& counts_;
};

}  // namespace spillway::app
