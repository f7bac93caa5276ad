// A connection as the viewer's kernel sees it, which may be ahead of the viewer.
#include "sim/viewers/viewer_link.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

#include "sim/fake_server.hpp"
#include "sim/viewers/crowd_scene.hpp"

namespace spillway::sim {
namespace {

using namespace std::chrono_literals;
using steady_clock = std::chrono::steady_clock;

constexpr auto patience = 20s;

class seen_events : public link_events {
 public:
  explicit seen_events(std::optional<viewing_end>& end) : end_(end) {}
  void on_open(std::chrono::nanoseconds) override {}
  /// Reads one frame, and no more until it is told to.
  reading_pace on_frame(std::string_view, std::size_t) override {
    return {reading_pace::next::when_told, {}};
  }
  void on_nonsense(std::string_view why) override { ADD_FAILURE() << why; }
  void on_end(const viewing_end& end) override { end_ = end; }

 private:
  std::optional<viewing_end>& end_;
};

class viewer_link_test : public ::testing::Test {
 protected:
  /// Opens a stream and reads its first frame.
  void open(const fake_server& server) {
    place_ = *find_server(server.url());
    link_options wanted;
    wanted.path = "/api/apps/shop/logs";
    link_ = make_link(viewer_strand(io_.get_executor()), place_, wanted);
    link_->open(std::make_unique<seen_events>(end_));
    ASSERT_TRUE(run_until([&] { return io_.stopped(); }));
  }
  /// Runs what there is to run, again and again.
  template <class Condition>
  bool run_until(Condition condition) {
    const auto until = steady_clock::now() + patience;
    while (!condition() && steady_clock::now() < until) {
      io_.restart();
      io_.poll();
    }
    return condition();
  }

  boost::asio::io_context io_;
  server_place place_;
  std::optional<viewing_end> end_;
  std::shared_ptr<viewer_link> link_;
};

TEST_F(viewer_link_test, knows_what_waits_and_how_long_a_close_frame_has) {
  std::atomic<bool> is_held = false;
  fake_server server([&](fake_stream& stream) {
    stream.send_lines(1, 1);
    is_held.wait(false);
    stream.send_lines(2, 2);
    stream.close(1008, "access ended");
  });
  open(server);
  is_held = true;
  is_held.notify_all();
  EXPECT_TRUE(run_until([&] { return link_->has_unread(); }));
  // Busy with something else.
  const auto busy_until = steady_clock::now() + 60ms;
  while (steady_clock::now() < busy_until) std::this_thread::yield();
  ASSERT_TRUE(run_until([&] {
    if (!end_) link_->read_on();
    return end_.has_value();
  }));
  EXPECT_EQ(end_->kind, viewing_end::how::closed);
  EXPECT_EQ(end_->text, "access ended");
  EXPECT_GE(end_->seen_late, 40ms);
}

TEST_F(viewer_link_test, has_nothing_unread_where_nothing_came) {
  fake_server server([](fake_stream& stream) {
    stream.send_lines(1, 1);
    stream.wait_for_end();
  });
  open(server);
  EXPECT_FALSE(link_->has_unread());
  link_->reset();
}

}  // namespace
}  // namespace spillway::sim
