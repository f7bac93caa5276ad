// A container's log and those who read it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/reply.hpp"
#include "sim/host/log_clock.hpp"
#include "sim/host/log_request.hpp"
#include "sim/host/log_store.hpp"
#include "sim/host/log_wire.hpp"
#include "sim/host/output_splitter.hpp"

namespace spillway::sim {

/// What a reader gets: chunks of an answer's body, and whether these were the last.
struct log_batch {
  std::string chunks;
  bool last = false;
};

/// A reader takes one batch at a time. Where the log is full, has_room() asks its container to wait
/// for the slowest reader, so that whoever reads gets everything, however little is kept.
/// Context: the container's actor.
class container_log {
 public:
  using answer = actors::reply<log_batch>;

  container_log(std::size_t max_bytes, log_form form,
                output_bytes bytes = output_bytes::as_they_are);

  log_clock& clock() { return clock_; }

  void print(output_kind from, std::string_view bytes);
  /// The container has begun to run: who follows waits for what it prints.
  void begin();
  /// It has exited: followers end once they have everything.
  void end();

  /// A number for read() and close().
  std::uint64_t open(const log_request& asked);
  /// The next batch, as soon as there is one.
  void read(std::uint64_t reader, answer to);
  void close(std::uint64_t reader);
  /// Answers readers who wait and for whom there is something now.
  void serve();

  /// Whether no reader would lose what it has not read yet.
  bool has_room() const;
  std::uint64_t entries() const { return store_.end(); }

 private:
  struct reader {
    log_request asked;
    log_store::cursor at;
    /// It reads up to here; nothing: it follows.
    std::optional<std::uint64_t> end;
    std::optional<answer> waiting;
  };

  bool fill(reader& of, log_batch& batch) const;

  log_store store_;
  log_form form_;
  log_clock clock_;
  output_splitter out_;
  output_splitter err_;
  std::map<std::uint64_t, reader> readers_;
  std::uint64_t next_reader_ = 1;
  bool running_ = false;
};

}  // namespace spillway::sim
