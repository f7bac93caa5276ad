// A container engine in memory: logs grow when the test says so, streams deliver on demand.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "actors/ports/container_engine.hpp"

namespace spillway::actors::testing {

struct fake_line {
  protocol::timestamp at;
  std::string text;
};

struct fake_container {
  container_info info;
  std::vector<fake_line> log;
  bool exited = false;
  /// With it: its times, and where it has been started again, the time before its next run's lines.
  std::optional<ended_run> ended;
  std::optional<protocol::timestamp> next_run;
  /// Lines before this one are rotated away for whoever opens the log from now on.
  std::size_t kept_from = 0;
};

class fake_engine : public container_engine {
 public:
  // --- what the test does
  fake_container& add(const std::string& id, const std::string& project,
                      const std::string& service = "web", std::uint32_t replica = 1) {
    auto& c = containers[id];
    c.info = {id, project, service, replica, "running", ""};
    return c;
  }
  void append(const std::string& id, protocol::timestamp at, std::string text) {
    containers.at(id).log.push_back({at, std::move(text)});
    wake(id);
  }
  void exit(const std::string& id) {
    containers.at(id).exited = true;
    wake(id);
  }
  /// Every open stream of a container breaks.
  void break_streams(const std::string& id) {
    broken_.insert(id);
    wake(id);
    broken_.erase(id);
  }

  std::map<std::string, fake_container> containers;
  /// Entries that each line is split into; `tail` counts them, and may begin within a line.
  std::size_t parts = 1;
  /// Entries of a line that is being written: a history counts them, without a line.
  std::size_t parts_being_written = 0;
  /// Lines in one chunk, at most.
  std::size_t chunk_lines = 1'000;
  /// A followed stream of a container that exits ends this many lines early.
  std::size_t lost_at_exit = 0;
  /// And then with a part of the line after those that it brought.
  bool ends_within_a_line = false;
  /// Of a container that exited there is no history any more.
  bool removed_at_exit = false;
  /// A history ends after so many lines, as if there were no more.
  std::optional<std::size_t> history_ends_after;
  /// Such an end leaves a line behind that the container never wrote, and happens once.
  bool history_is_torn = false;
  bool unavailable = false;
  bool throws_on_open = false;
  std::size_t lists = 0;
  std::size_t follows = 0;
  std::size_t histories = 0;
  std::size_t open_follows = 0;
  /// Bounded reads bring nothing while this is set, until release_histories().
  bool hold_histories = false;
  void release_histories() {
    hold_histories = false;
    for (stream* s : std::set<stream*>(streams_)) s->serve();
  }
  /// Held back while set: list() answers only at release_lists().
  bool hold_lists = false;
  void release_lists() {
    for (auto& answer : std::exchange(held_lists_, {})) answer();
  }

  // --- the port
  void list(std::string project, list_handler handler) override {
    ++lists;
    auto answer = [this, project, handler = std::move(handler)] {
      if (unavailable) {
        return handler(
            tl::unexpected(engine_error{engine_errc::unavailable, "docker engine unavailable"}));
      }
      std::vector<container_info> found;
      for (auto& [id, c] : containers) {
        if (project.empty() || c.info.project == project) found.push_back(c.info);
      }
      handler(std::move(found));
    };
    if (hold_lists) {
      held_lists_.push_back(std::move(answer));
    } else {
      answer();
    }
  }

  std::unique_ptr<log_stream> open_log(std::string id, log_query query,
                                       chunk_handler handler) override {
    if (throws_on_open) throw std::runtime_error("planted");
    ++(query.follow ? follows : histories);
    return std::make_unique<stream>(*this, std::move(id), query, std::move(handler));
  }

 private:
  class stream : public log_stream {
   public:
    stream(fake_engine& engine, std::string id, log_query query, chunk_handler handler)
        : engine_(engine), id_(std::move(id)), query_(query), handler_(std::move(handler)) {
      engine_.streams_.insert(this);
      if (query_.follow) ++engine_.open_follows;
      auto found = engine_.containers.find(id_);
      if (found == engine_.containers.end()) return;
      end_ = found->second.log.size();
      next_ = found->second.kept_from;
      if (!query_.tail) return;
      entries_ =
          query_.follow ? 0 : std::min<std::size_t>(*query_.tail, engine.parts_being_written);
      const std::size_t entries =
          std::min<std::size_t>(*query_.tail - entries_, end_ * engine.parts);
      next_ = std::max(next_, end_ - (entries + engine.parts - 1) / engine.parts);
      if (entries % engine.parts != 0) {
        partial_ = next_;
        entries_ += entries % engine.parts - engine.parts;  // counted whole below
      }
    }
    ~stream() override {
      engine_.streams_.erase(this);
      if (query_.follow) --engine_.open_follows;
    }
    void read() override {
      wanted_ = true;
      serve();
    }
    void serve() {
      if (!wanted_ || (engine_.hold_histories && !query_.follow)) return;
      auto chunk = std::make_shared<log_chunk>();
      auto found = engine_.containers.find(id_);
      if (engine_.removed_at_exit && !query_.follow && found != engine_.containers.end() &&
          found->second.exited) {
        found = engine_.containers.end();
      }
      if (engine_.unavailable || found == engine_.containers.end() ||
          engine_.broken_.contains(id_)) {
        chunk->end = log_end::failed;
        chunk->error = found == engine_.containers.end()
                           ? engine_error{engine_errc::not_found, "container not found"}
                           : engine_error{engine_errc::unavailable, "docker engine unavailable"};
        return hand_over(std::move(chunk));
      }
      const fake_container& c = found->second;
      std::size_t stop = query_.follow ? c.log.size() : end_;
      if (query_.follow && c.exited) {
        stop = std::max(next_, stop - std::min(stop, engine_.lost_at_exit));
      }
      if (!query_.follow && engine_.history_ends_after) {
        stop = std::max(next_, std::min(stop, *engine_.history_ends_after));
      }
      for (; next_ < stop && chunk->lines.size() < engine_.chunk_lines; ++next_) {
        const fake_line& l = c.log[next_];
        entries_ += engine_.parts;
        if (query_.since && l.at < *query_.since) continue;
        if (query_.until && l.at > *query_.until) continue;
        const auto text = next_ == partial_ ? "a part of " + l.text : l.text;
        chunk->lines.append({l.at, protocol::output_stream::standard_output, text, next_ + 1});
      }
      if (next_ == stop && !query_.follow && engine_.history_is_torn) {
        const auto at = next_ == 0 ? c.log.front().at : c.log[next_ - 1].at;
        chunk->lines.append({at, protocol::output_stream::standard_output, "torn", 0});
        engine_.history_is_torn = false;
        engine_.history_ends_after.reset();
      }
      if (next_ == stop && query_.follow && c.exited && engine_.ends_within_a_line &&
          stop < c.log.size()) {
        chunk->lines.append({c.log[stop].at, protocol::output_stream::standard_output,
                             "the beginning of " + c.log[stop].text, 0});
        chunk->unfinished = 1;
      }
      chunk->entries = entries_;
      if (next_ == stop && !query_.follow) {
        chunk->end = log_end::end_of_history;
        if (query_.about) chunk->next_run = c.next_run;
      }
      if (next_ == stop && query_.follow && c.exited) {
        chunk->end = log_end::container_exited;
        chunk->ended = c.ended;
      }
      if (!chunk->end && chunk->lines.empty()) return;
      hand_over(std::move(chunk));
    }
    const std::string& id() const { return id_; }

   private:
    void hand_over(std::shared_ptr<log_chunk> chunk) {
      wanted_ = false;
      handler_(std::move(chunk));
    }
    fake_engine& engine_;
    std::string id_;
    log_query query_;
    chunk_handler handler_;
    std::size_t next_ = 0;
    std::size_t end_ = 0;
    std::uint64_t entries_ = 0;
    std::optional<std::size_t> partial_;
    bool wanted_ = false;
  };

  void wake(const std::string& id) {
    for (stream* s : std::set<stream*>(streams_)) {
      if (s->id() == id) s->serve();
    }
  }

  std::set<stream*> streams_;
  std::set<std::string> broken_;
  std::vector<std::function<void()>> held_lists_;
};

}  // namespace spillway::actors::testing
