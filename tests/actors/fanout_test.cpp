#include "actors/fanout.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

namespace spillway::actors {
namespace {

using protocol::payload_form;
using status = fanout::status;

fanout::options small(lag_policy lag = lag_policy::skip) {
  return {.ring = {.frames = 10}, .window = 1'000, .lag = lag, .skip_notice = [](std::uint64_t n) {
            return "skipped " + std::to_string(n);
          }};
}

TEST(Fanout, DeliversLineByLineToWhoeverWaits) {
  fanout f(small());
  f.join(1, 0, payload_form::plain);
  EXPECT_EQ(f.next(1).what, status::waiting);
  f.append("a");
  auto out = f.pump();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].to, 1u);
  EXPECT_EQ(out[0].what.frames->frames, 1u);
}

TEST(Fanout, ABusySubscriberGetsNothingUntilItAsksThenEverythingAtOnce) {
  fanout f(small());
  f.join(1, 0, payload_form::plain);
  f.append("a");
  EXPECT_EQ(f.next(1).what, status::ready);
  f.append("b");
  f.append("c");
  EXPECT_TRUE(f.pump().empty());
  auto more = f.next(1);
  ASSERT_EQ(more.what, status::ready);
  EXPECT_EQ(more.frames->frames, 2u);
  EXPECT_EQ(f.next(1).what, status::waiting);
}

TEST(Fanout, SubscribersAtTheSamePlaceShareOneBatch) {
  fanout f(small());
  for (subscriber_id id = 0; id < 5; ++id) {
    f.join(id, 0, payload_form::plain);
    f.next(id);
  }
  f.append("a");
  auto out = f.pump();
  ASSERT_EQ(out.size(), 5u);
  for (auto& d : out) EXPECT_EQ(d.what.frames, out[0].what.frames);
}

TEST(Fanout, HoldsNoBatchOnceThereAreNewerFrames) {
  fanout f(small());
  f.join(1, 0, payload_form::plain);
  f.append("a");
  std::weak_ptr<const batch> made = f.next(1).frames;
  EXPECT_FALSE(made.expired()) << "others may want it";
  f.append("b");
  EXPECT_TRUE(made.expired());
}

TEST(Fanout, ThoseWhoLeaveOrAskAgainWhileTheyWaitGetNothingTwice) {
  fanout f(small());
  for (subscriber_id id = 0; id < 6; ++id) {
    f.join(id, 0, payload_form::plain);
    EXPECT_EQ(f.next(id).what, status::waiting);
  }
  f.leave(0);
  f.leave(3);
  f.append("a");
  EXPECT_EQ(f.next(1).what, status::ready);
  std::set<subscriber_id> served;
  for (auto& d : f.pump()) EXPECT_TRUE(served.insert(d.to).second);
  EXPECT_EQ(served, (std::set<subscriber_id>{2, 4, 5}));
  f.append("b");
  EXPECT_TRUE(f.pump().empty()) << "all are busy";
}

TEST(Fanout, ALateSubscriberSkipsAheadAndIsToldTheExactCount) {
  fanout f(small());
  f.join(1, 0, payload_form::plain);
  for (int i = 0; i < 25; ++i) f.append("x");
  auto got = f.next(1);
  ASSERT_EQ(got.what, status::ready);
  EXPECT_EQ(got.frames->skipped, 15u);
  EXPECT_EQ(got.frames->frames, 11u);
  EXPECT_EQ(got.frames->slices[0].bytes.substr(2), "skipped 15");
}

TEST(Fanout, WithRereadALateSubscriberIsReportedWithTheFrameItNeeds) {
  fanout f(small(lag_policy::reread));
  f.join(1, 3, payload_form::plain);
  for (int i = 0; i < 25; ++i) f.append("x");
  auto got = f.next(1);
  EXPECT_EQ(got.what, status::behind);
  EXPECT_EQ(got.at, 3u);
  EXPECT_FALSE(f.has(1));
}

TEST(Fanout, ASealedStreamFinishesEveryoneAfterTheLastFrame) {
  fanout f(small());
  f.join(1, 0, payload_form::plain);
  f.join(2, 0, payload_form::plain);
  f.next(2);
  f.append("last");
  f.seal();
  auto out = f.pump();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].what.what, status::ready);
  EXPECT_EQ(f.next(2).what, status::finished);
  EXPECT_EQ(f.next(1).what, status::ready);
  EXPECT_EQ(f.next(1).what, status::finished);
  EXPECT_EQ(f.next(1).what, status::unknown);
}

TEST(Fanout, ALimitEndsOneSubscriberOnly) {
  fanout f(small());
  f.join(1, 0, payload_form::plain);
  f.join(2, 0, payload_form::plain);
  f.append("a");
  f.append("b");
  f.limit(1, 1);
  auto got = f.next(1);
  ASSERT_EQ(got.what, status::ready);
  EXPECT_EQ(got.frames->frames, 1u);
  EXPECT_EQ(f.next(1).what, status::finished);
  EXPECT_EQ(f.next(2).frames->frames, 2u);
}

// For every subscriber, whatever the schedule: received + skipped = appended since it joined.
TEST(Fanout, ReceivedAndSkippedAddUpForEverySubscriberUnderAnySchedule) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 rng(seed);
    fanout f(small());
    struct account {
      sequence joined;
      std::uint64_t had = 0;
    };
    std::map<subscriber_id, account> accounts;
    auto take = [&](subscriber_id id, const batch_ptr& b) {
      accounts[id].had += b->frames + b->skipped - (b->skipped != 0 ? 1 : 0);
    };
    for (int step = 0; step < 500; ++step) {
      switch (rng() % 4) {
        case 0:
          if (accounts.size() < 8) {
            const auto id = static_cast<subscriber_id>(accounts.size());
            accounts[id] = {f.ring().end()};
            f.join(id, f.ring().end(), payload_form::plain);
          }
          break;
        case 1:
          if (!accounts.empty()) {
            const subscriber_id id = rng() % accounts.size();
            if (auto a = f.next(id); a.what == status::ready) take(id, a.frames);
          }
          break;
        default:
          for (auto n = rng() % 6; n > 0; --n) f.append(std::string(rng() % 300, 'x'));
          for (auto& d : f.pump()) take(d.to, d.what.frames);
      }
    }
    f.seal();
    for (auto& d : f.pump()) EXPECT_EQ(d.what.what, status::finished);
    for (auto& [id, a] : accounts) {
      for (auto got = f.next(id); got.what == status::ready; got = f.next(id)) take(id, got.frames);
      EXPECT_EQ(a.had, f.ring().end() - a.joined) << "seed " << seed << ", subscriber " << id;
    }
  }
}

}  // namespace
}  // namespace spillway::actors
