// Who is served when: readiness that pump() sees by itself, and the line for a turn.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "actors/fanout.hpp"

namespace spillway::actors {
namespace {

using protocol::payload_form;
using turn_status = fanout::status;

fanout::options ten_frames(std::size_t window = 1'000) {
  return {.ring = {.frames = 10}, .window = window, .skip_notice = [](std::uint64_t n) {
            return "skipped " + std::to_string(n);
          }};
}

/// A subscriber with its readiness, and what it had.
struct reader {
  std::shared_ptr<demand> readiness = std::make_shared<demand>();
  std::uint64_t had = 0;
  bool holds_batch = false;

  void take(const batch_ptr& b) {
    EXPECT_FALSE(holds_batch);
    holds_batch = true;
    had += b->frames + b->skipped - (b->skipped != 0 ? 1 : 0);
  }
  /// True where it is to say so.
  bool done() {
    holds_batch = false;
    return readiness->release();
  }
};

TEST(FanoutTurns, WhoeverKeepsUpIsServedWithoutAsking) {
  fanout f(ten_frames());
  reader r;
  f.join(1, 0, payload_form::plain, r.readiness);
  EXPECT_EQ(f.next(1).what, turn_status::waiting);
  for (int i = 0; i < 3; ++i) {
    f.append("line");
    auto out = f.pump();
    ASSERT_EQ(out.size(), 1u);
    r.take(out[0].what.frames);
    EXPECT_FALSE(r.done());
  }
  EXPECT_EQ(r.had, 3u);
}

TEST(FanoutTurns, TheLineLagsWhereWhoIsFirstHasHalfOfTheRingBeforeIt) {
  fanout f({.ring = {.bytes = 10'000}, .skip_notice = [](std::uint64_t) { return ""; }});
  const std::string line(496, 'x');  // 500 bytes with its frame header
  f.join(1, 0, payload_form::plain);
  f.join(2, 0, payload_form::plain);
  f.want(1);
  for (int i = 0; i < 10; ++i) f.append(line);
  EXPECT_FALSE(f.line_lags()) << "half of the ring, and not more, is before it";
  for (int i = 0; i < 10; ++i) f.append(line);
  EXPECT_TRUE(f.line_lags());
  f.pump();
  EXPECT_FALSE(f.line_lags()) << "the other one has asked for nothing";
  f.want(2);
  EXPECT_TRUE(f.line_lags());
}

TEST(FanoutTurns, ABusyOneIsPassedOverAndServedWhenItSaysSo) {
  fanout f(ten_frames());
  reader r;
  f.join(1, 0, payload_form::plain, r.readiness);
  f.next(1);
  f.append("a");
  r.take(f.pump().at(0).what.frames);
  f.append("b");
  f.append("c");
  EXPECT_TRUE(f.pump().empty());
  EXPECT_TRUE(f.pump().empty());
  EXPECT_TRUE(r.done());
  auto rest = f.next(1);
  ASSERT_EQ(rest.what, turn_status::ready);
  EXPECT_EQ(rest.frames->frames, 2u);
}

TEST(FanoutTurns, AWindowThatLeavesARestAsksForTheNextBatch) {
  fanout f(ten_frames(300));
  reader r;
  f.join(1, 0, payload_form::plain, r.readiness);
  f.next(1);
  for (int i = 0; i < 3; ++i) f.append(std::string(200, 'x'));
  r.take(f.pump().at(0).what.frames);
  EXPECT_EQ(r.had, 1u);
  EXPECT_TRUE(r.done());
}

TEST(FanoutTurns, TheEndReachesOneWhoHasHadEverything) {
  fanout f(ten_frames());
  reader r;
  f.join(1, 0, payload_form::plain, r.readiness);
  f.next(1);
  f.append("last");
  r.take(f.pump().at(0).what.frames);
  f.seal();
  EXPECT_TRUE(f.pump().empty());
  EXPECT_TRUE(r.done());
  EXPECT_EQ(f.next(1).what, turn_status::finished);
}

TEST(FanoutTurns, TheEndReachesOneWhoGetsTheLastFramesAfterIt) {
  fanout f(ten_frames());
  reader r;
  f.join(1, 0, payload_form::plain, r.readiness);
  f.next(1);
  f.append("last");
  f.seal();
  r.take(f.pump().at(0).what.frames);
  EXPECT_TRUE(r.done());
  EXPECT_EQ(f.next(1).what, turn_status::finished);
}

TEST(FanoutTurns, ABudgetServesTheLineInTurn) {
  fanout f(ten_frames());
  std::map<subscriber_id, reader> readers;
  for (subscriber_id id = 0; id < 5; ++id) {
    f.join(id, 0, payload_form::plain, readers[id].readiness);
    f.next(id);
  }
  f.append("a");
  constexpr auto two = 2 * fanout::delivery_cost;
  std::vector<subscriber_id> order;
  for (std::size_t expected : {2u, 2u, 1u, 0u}) {
    auto out = f.pump({}, two);
    EXPECT_EQ(out.size(), expected);
    for (auto& d : out) order.push_back(d.to);
  }
  EXPECT_EQ(order, (std::vector<subscriber_id>{0, 1, 2, 3, 4}));
  EXPECT_FALSE(f.has_line());
}

TEST(FanoutTurns, ANewLineDoesNotPutTheFirstBeforeThoseWhoStillWait) {
  fanout f(ten_frames());
  std::map<subscriber_id, reader> readers;
  for (subscriber_id id = 0; id < 3; ++id) {
    f.join(id, 0, payload_form::plain, readers[id].readiness);
    f.next(id);
  }
  f.append("a");
  EXPECT_EQ(f.pump({}, 1).at(0).to, 0u);
  readers[0].done();
  f.append("b");
  EXPECT_EQ(f.pump({}, 1).at(0).to, 1u);
  EXPECT_EQ(f.pump({}, 1).at(0).to, 2u);
  EXPECT_EQ(f.pump({}, 1).at(0).to, 0u);
}

// Whatever the schedule, budgets included, everyone gets or is told of everything, and nobody is
// forgotten.
TEST(FanoutTurns, ReceivedAndSkippedAddUpUnderAnyScheduleOfTurns) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 rng(seed);
    fanout f(ten_frames());
    std::map<subscriber_id, reader> readers;
    auto serve = [&](std::vector<fanout::delivery> out) {
      for (auto& d : out) readers.at(d.to).take(d.what.frames);
    };
    auto release = [&](subscriber_id id) {
      reader& r = readers.at(id);
      if (!r.holds_batch || !r.done()) return;
      if (rng() % 2 == 0) return f.want(id);
      if (auto a = f.next(id); a.what == turn_status::ready) r.take(a.frames);
    };
    for (subscriber_id id = 0; id < 6; ++id) {
      f.join(id, 0, payload_form::plain, readers[id].readiness);
      f.next(id);
    }
    for (int step = 0; step < 400; ++step) {
      if (rng() % 2 == 0) {
        release(rng() % 6);
      } else {
        for (auto n = rng() % 4; n > 0; --n) f.append(std::string(rng() % 300, 'x'));
        serve(f.pump({}, rng() % (3 * fanout::delivery_cost)));
      }
    }
    for (int round = 0; round < 100; ++round) {
      serve(f.pump());
      for (subscriber_id id = 0; id < 6; ++id) release(id);
    }
    for (auto& [id, r] : readers) {
      EXPECT_EQ(r.had, f.ring().end()) << "seed " << seed << ", subscriber " << id;
    }
  }
}

}  // namespace
}  // namespace spillway::actors
