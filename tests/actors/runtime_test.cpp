// The actors on real threads: what virtual time cannot show.
#include "actors/runtime.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "client_decoder.hpp"
#include "fake_audit.hpp"
#include "fake_compose.hpp"
#include "fake_engine.hpp"
#include "fake_journal.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

/// A connection whose client answers a close at once. Context: its strand.
class eager_connection : public viewer_connection,
                         public std::enable_shared_from_this<eager_connection> {
 public:
  explicit eager_connection(boost::asio::io_context& io) : strand_(io.get_executor()) {}
  strand_type strand() const override { return strand_; }
  bool takes_deflated() const override { return false; }
  void start(std::shared_ptr<viewer_events> events) override { events_ = std::move(events); }
  write_result write(batch_ptr) override { return write_result::written; }
  void close(protocol::close_frame frame) override {
    closed.set_value(frame);
    std::exchange(events_, nullptr)->on_gone();
  }
  void abort() override { std::exchange(events_, nullptr)->on_gone(); }
  std::promise<protocol::close_frame> closed;

 private:
  strand_type strand_;
  std::shared_ptr<viewer_events> events_;
};

/// Looks at what it gets: frames whose text is a number, each one more than that before. Context:
/// its strand.
class counting_connection : public eager_connection {
 public:
  counting_connection(boost::asio::io_context& io, std::size_t frames)
      : eager_connection(io), left_(frames) {}
  write_result write(batch_ptr frames) override {
    if (!strand().running_in_this_thread()) off_strand = true;
    for (const auto& text : decoder_.decode(*frames)) {
      if (text != '"' + std::to_string(next_++) + '"') out_of_order = true;
      if (--left_ == 0) complete.set_value();
    }
    return write_result::written;
  }
  std::promise<void> complete;
  std::atomic<bool> off_strand = false;
  std::atomic<bool> out_of_order = false;

 private:
  client_decoder decoder_;
  std::size_t left_;
  std::size_t next_ = 0;
};

class Runtime : public ::testing::Test {
 protected:
  Runtime() {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io.run(); });
  }
  ~Runtime() override {
    work_.reset();
    for (auto& t : threads_) t.join();
  }
  template <class T>
  static T await(std::future<T> f) {
    if (f.wait_for(20s) != std::future_status::ready) throw std::runtime_error("no answer");
    return f.get();
  }

  boost::asio::io_context io;
  config::settings settings;
  fake_engine engine;
  fake_compose compose;
  fake_journal journal;
  fake_audit audit;
  dependencies deps{settings,
                    engine,
                    compose,
                    journal,
                    audit,
                    [] { return protocol::timestamp(std::chrono::system_clock::now()); },
                    [](protocol::timestamp) { return std::string("d1"); }};

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io.get_executor()};
  std::vector<std::thread> threads_;
};

TEST_F(Runtime, EndsWithItsThreadsStillRunning) {
  // Actors were spawned on the I/O threads, which go on: nothing of CAF may stay behind in them.
  for (int i = 0; i < 20; ++i) {
    auto actors = std::make_unique<runtime>(io, deps);
    auto viewer = std::make_shared<eager_connection>(io);
    auto closed = viewer->closed.get_future();
    actors->open({}, {std::nullopt, protocol::process_log_request{}}, viewer);
    std::promise<bool> gone;
    actors->end_sessions([&](bool) { gone.set_value(true); });
    EXPECT_TRUE(await(gone.get_future()));
    EXPECT_EQ(await(std::move(closed)).code, protocol::close_code::going_away);
    EXPECT_TRUE(actors->stop(20s));
    std::promise<void> destroyed;
    std::thread destroyer([&] {
      actors.reset();
      destroyed.set_value();
    });
    await(destroyed.get_future());
    destroyer.join();
  }
}

TEST_F(Runtime, EveryLineReachesEverySessionOnItsStrandAndInOrder) {
  constexpr std::size_t lines = 3'000;
  settings.process_log.lines = lines;
  runtime actors(io, deps);
  std::vector<std::shared_ptr<counting_connection>> viewers;
  for (int i = 0; i < 100; ++i) {
    viewers.push_back(std::make_shared<counting_connection>(io, lines));
    actors.open({}, {std::nullopt, protocol::process_log_request{}}, viewers.back());
  }
  for (std::size_t n = 0; n < lines; n += 3) {
    const auto line = [&](std::size_t i) { return std::to_string(n + i); };
    while (!actors.publish_process_log({line(0), line(1), line(2)})) std::this_thread::yield();
  }
  for (auto& v : viewers) {
    await(v->complete.get_future());
    EXPECT_FALSE(v->off_strand);
    EXPECT_FALSE(v->out_of_order);
  }
  std::promise<bool> gone;
  actors.end_sessions([&](bool) { gone.set_value(true); });
  EXPECT_TRUE(await(gone.get_future()));
  EXPECT_TRUE(actors.stop(20s));
}

TEST_F(Runtime, KeepsTheNewestProcessLogLinesAndRefusesWhatItCannotHold) {
  runtime actors(io, deps);
  EXPECT_TRUE(actors.publish_process_log({"a", "b"}));
  std::promise<std::vector<std::string>> got;
  actors.process_log_tail(10, [&](auto lines) { got.set_value(lines); });
  EXPECT_EQ(await(got.get_future()), (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace spillway::actors::testing
