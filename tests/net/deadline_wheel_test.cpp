#include "net/deadline_wheel.hpp"

#include <gtest/gtest.h>

#include <boost/asio/strand.hpp>

namespace spillway::net {
namespace {

using namespace std::chrono_literals;

/// Moves its deadline `times` times before it counts as come.
class counting_target : public deadline_target,
                        public std::enable_shared_from_this<counting_target> {
 public:
  counting_target(boost::asio::io_context& io, std::shared_ptr<deadline_wheel> wheel)
      : strand_(boost::asio::make_strand(io)), deadline(std::move(wheel)) {}

  actors::viewer_connection::strand_type strand() const override { return strand_; }
  void on_deadline() override {
    ++calls;
    if (!deadline.expired(weak_from_this())) return;
    ++expired;
    expired_at = deadline_wheel::clock::now();
  }

 private:
  actors::viewer_connection::strand_type strand_;

 public:
  lazy_deadline deadline;
  int calls = 0;
  int expired = 0;
  deadline_wheel::clock::time_point expired_at;
};

class a_deadline_wheel : public ::testing::Test {
 protected:
  boost::asio::io_context io;
  std::shared_ptr<deadline_wheel> wheel = deadline_wheel::make(io, 1ms);
  std::shared_ptr<counting_target> target = std::make_shared<counting_target>(io, wheel);
  deadline_wheel::clock::time_point start = deadline_wheel::clock::now();
};

TEST_F(a_deadline_wheel, never_comes_early_even_past_its_span) {
  // 256 slots of a millisecond: this one goes round.
  target->deadline.set(target, start + 300ms);
  io.run();
  EXPECT_EQ(target->expired, 1);
  EXPECT_GE(target->expired_at, start + 300ms);
}

TEST_F(a_deadline_wheel, has_no_timer_when_nothing_is_scheduled) {
  EXPECT_EQ(io.run(), 0u);
  target->deadline.set(target, start);
  io.restart();
  io.run();
  EXPECT_EQ(target->expired, 1);
  target->deadline.set(target, deadline_wheel::clock::now());
  io.restart();
  io.run();
  EXPECT_EQ(target->expired, 2);
}

TEST_F(a_deadline_wheel, follows_a_deadline_that_was_put_off) {
  target->deadline.set(target, start + 5ms);
  target->deadline.set(target, start + 40ms);
  io.run();
  EXPECT_EQ(target->expired, 1);
  EXPECT_GE(target->expired_at, start + 40ms);
}

TEST_F(a_deadline_wheel, follows_a_deadline_that_was_brought_forward) {
  target->deadline.set(target, start + 24h);
  target->deadline.set(target, start + 5ms);
  while (target->expired == 0) io.run_one();
  EXPECT_EQ(target->expired, 1);
}

TEST_F(a_deadline_wheel, forgets_a_cleared_deadline_and_a_target_that_has_gone) {
  target->deadline.set(target, start + 2ms);
  target->deadline.clear();
  io.run();
  EXPECT_EQ(target->expired, 0);
  EXPECT_EQ(target->calls, 1);
  wheel->schedule(target, deadline_wheel::clock::now() + 2ms);
  target.reset();
  io.restart();
  io.run();
}

}  // namespace
}  // namespace spillway::net
