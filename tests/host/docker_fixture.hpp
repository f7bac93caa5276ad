// Runs a docker_engine, and waits for what it hands over.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "host/docker_engine.hpp"

namespace spillway::host::testing {

using namespace std::chrono_literals;

inline constexpr auto patience = 30s;

/// An io_context with two threads. The last to be destroyed.
class running_io {
 public:
  running_io() {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { context.run(); });
  }
  ~running_io() {
    work_.reset();
    context.stop();
    for (std::thread& t : threads_) t.join();
  }

  boost::asio::io_context context;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context.get_executor()};
  std::vector<std::thread> threads_;
};

inline tl::expected<std::vector<actors::container_info>, actors::engine_error> list_now(
    actors::container_engine& engine, const std::string& project) {
  using result = tl::expected<std::vector<actors::container_info>, actors::engine_error>;
  auto promise = std::make_shared<std::promise<result>>();
  auto future = promise->get_future();
  engine.list(project, [promise](result r) { promise->set_value(std::move(r)); });
  if (future.wait_for(patience) != std::future_status::ready) {
    ADD_FAILURE() << "list() did not answer";
    return std::vector<actors::container_info>{};
  }
  return future.get();
}

/// Opens a log and collects its chunks. Context: the test's thread.
class log_reading {
 public:
  log_reading(actors::container_engine& engine, const std::string& id, actors::log_query query)
      : shared_(std::make_shared<shared>()) {
    stream_ = engine.open_log(id, query, [s = shared_](std::shared_ptr<const actors::log_chunk> c) {
      std::lock_guard lock{s->mutex};
      s->chunks.push_back(std::move(c));
      s->arrived.notify_all();
    });
  }

  void ask() { stream_->read(); }
  void close() { stream_.reset(); }

  /// Asks for one chunk and waits for it; null (and a failed test) where none comes.
  std::shared_ptr<const actors::log_chunk> next() {
    ask();
    return wait_for_chunk();
  }
  std::shared_ptr<const actors::log_chunk> wait_for_chunk() {
    std::unique_lock lock{shared_->mutex};
    if (!shared_->arrived.wait_for(lock, patience,
                                   [&] { return shared_->chunks.size() > taken_; })) {
      ADD_FAILURE() << "no chunk";
      return nullptr;
    }
    auto chunk = shared_->chunks[taken_++];
    for (std::size_t i = 0; i < chunk->lines.size(); ++i) {
      lines.emplace_back(chunk->lines[i].text);
      at.push_back(chunk->lines[i].at);
      streams.push_back(chunk->lines[i].stream);
      identities.push_back(chunk->lines[i].identity);
    }
    entries = chunk->entries;
    unfinished += chunk->unfinished;
    if (chunk->end) {
      end = chunk->end;
      error = chunk->error;
      ended = chunk->ended;
      next_run = chunk->next_run;
    }
    return chunk;
  }
  /// Reads until the end.
  void read_all() {
    while (!end && next() != nullptr) {
    }
  }

  /// Chunks that nobody asked for would show here.
  std::size_t chunks_arrived() const {
    std::lock_guard lock{shared_->mutex};
    return shared_->chunks.size();
  }

  std::vector<std::string> lines;
  std::vector<protocol::timestamp> at;
  std::vector<protocol::output_stream> streams;
  std::vector<std::uint64_t> identities;
  std::uint64_t entries = 0;
  std::size_t unfinished = 0;
  std::optional<actors::log_end> end;
  std::optional<actors::ended_run> ended;
  std::optional<protocol::timestamp> next_run;
  actors::engine_error error;

 private:
  struct shared {
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::shared_ptr<const actors::log_chunk>> chunks;
  };
  std::shared_ptr<shared> shared_;
  std::unique_ptr<actors::log_stream> stream_;
  std::size_t taken_ = 0;
};

inline actors::log_query follow() {
  actors::log_query query;
  query.follow = true;
  return query;
}

}  // namespace spillway::host::testing
