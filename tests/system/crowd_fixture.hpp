// A server whose one container prints as the test says, and a viewer that must not notice what the
// others do.
#pragma once

#include <algorithm>
#include <atomic>
#include <thread>

#include "support/sanitized.hpp"
#include "system/bare_client.hpp"
#include "system/fixture.hpp"
#include "system/log_source.hpp"

namespace spillway::system_test {

/// Who makes the container print while a witness watches.
enum class printing {
  /// A thread that prints on whenever the witness has had every line so far.
  always,
  /// The test.
  by_hand
};

/// A well-behaved viewer.
class witness {
 public:
  witness(const server& spillway, log_source& source, printing who = printing::always)
      : source_(source), viewer_(spillway.watch(logs("crowd", "tail=all"))) {
    source_.print(1);
    EXPECT_TRUE(viewer_->wait_for_count(1));
    if (who == printing::always) printer_ = std::thread([this] { print_on(); });
  }
  ~witness() { stop(); }

  /// Waits until as many lines more have gone by.
  bool sees_more(std::uint64_t lines) {
    return viewer_->wait_for_count(viewer_->count() + lines, 2 * patience);
  }
  /// Waits until it has had every line so far.
  bool has_all() { return viewer_->wait_for_count(source_.printed()); }
  /// No further lines.
  void stop() {
    stopping_ = true;
    if (printer_.joinable()) printer_.join();
  }
  /// Stops, and expects that it got every line in order.
  void expect_every_line() {
    stop();
    EXPECT_TRUE(viewer_->wait_for_count(source_.printed()));
    const auto frames = viewer_->frames();
    EXPECT_EQ(frames.size(), source_.printed());
    for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_EQ(number_of(frames[i]), i + 1);
  }

 private:
  /// Without a JSON parser: there are hundreds of thousands.
  static std::uint64_t number_of(const std::string& frame) {
    const std::string_view before = R"("line": "line )";
    const auto at = frame.find(before);
    return at == std::string::npos ? 0 : std::stoull(frame.substr(at + before.size(), 20));
  }
  void print_on() {
    while (!stopping_) {
      source_.print(8);
      if (!viewer_->wait_for_count(source_.printed())) break;
    }
  }

  log_source& source_;
  std::unique_ptr<viewer> viewer_;
  std::atomic<bool> stopping_{false};
  std::thread printer_;
};

class crowd_test : public ::testing::Test {
 protected:
  /// What the resident memory may grow by: allocators keep what they once had, a little more each
  /// time. A connection that is lost costs more than 1 KiB: thousands of them exceed this.
  /// The sanitizers' allocators keep much of what was freed; a leak they tell of themselves.
  std::size_t memory_margin = (test::sanitized ? 64U : 8U) << 20;
  /// For connections that hold little while they are there: 600 that lose 4 KiB each exceed it.
  static constexpr std::size_t small_margin = (test::sanitized ? 64U : 2U) << 20;
  static constexpr int most_times = test::sanitized ? 1 : 100;
  /// How often a load is repeated: where one is too small, until what is lost would exceed the
  /// margin.
  int times = 1;

  void start(setting_values more = {}, std::size_t line_bytes = 200,
             log_form form = log_form::multiplexed) {
    source.emplace(directory.path(), line_bytes, form);
    setting_values settings{{"docker.host", source->url()},
                            {"limits.max_viewers_per_user", "100000"},
                            {"logs.linger", "1h"},
                            {"logs.ring_size", "256KiB"},
                            {"process_log.lines", "100"}};
    more.merge(settings);
    spillway.emplace(more);
    spillway->add_app("crowd");
  }

  void TearDown() override {
    if (!spillway) return;
    EXPECT_EQ(spillway->nobody().get("/api/health").status, 200U) << "the server must live on";
    if (!HasFailure()) return;
    const auto text = spillway->output();
    std::cerr << "--- the end of the server's output ---\n"
              << text.substr(text.size() - std::min<std::size_t>(text.size(), 2'000)) << "---\n";
  }

  std::string request(const std::string& query = "") const {
    return upgrade_request(logs("crowd", query), spillway->token());
  }
  bare_client client(int receive_buffer_bytes = 0) const {
    return bare_client(spillway->where(), receive_buffer_bytes);
  }

  /// The resident memory once the allocator has given back what is free, which takes it 2 s: when
  /// it has not fallen for as long.
  std::size_t settled_bytes() const {
    auto least = spillway->resident_bytes();
    auto fell = std::chrono::steady_clock::now();
    const auto has_settled = [&] {
      if (const auto now = spillway->resident_bytes(); now + (64U << 10) < least) {
        least = now;
        fell = std::chrono::steady_clock::now();
      }
      return most_times == 1 || std::chrono::steady_clock::now() > fell + std::chrono::seconds(2);
    };
    EXPECT_TRUE(eventually(has_settled));
    return least;
  }

  /// Does it once to warm up, and then so many `times`. Each time the server's descriptors must
  /// become as few as they were (a connection that was just ending may have been among them), and
  /// after the last its memory must be what it was after the first.
  template <class Load>
  void expect_no_trace_of(Load load) {
    auto descriptors = spillway->open_descriptors();
    const auto back = [&] { return spillway->open_descriptors() <= descriptors; };
    load();
    EXPECT_TRUE(eventually(back)) << spillway->open_descriptors() << " not " << descriptors;
    descriptors = spillway->open_descriptors();
    const auto memory = settled_bytes();
    for (int i = 0; i < std::min(times, most_times) && !HasFailure(); ++i) {
      load();
      EXPECT_TRUE(eventually(back)) << spillway->open_descriptors() << " not " << descriptors;
    }
    EXPECT_TRUE(eventually([&] { return spillway->resident_bytes() <= memory + memory_margin; }))
        << spillway->resident_bytes() << " after " << memory;
    RecordProperty(
        "memory_growth_bytes",
        std::to_string(static_cast<long>(spillway->resident_bytes()) - static_cast<long>(memory)));
  }

  temp_dir directory;
  std::optional<log_source> source;
  std::optional<server> spillway;
};

}  // namespace spillway::system_test
