// The fan-out with subscribers who take compressed frames.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "actors/fanout.hpp"
#include "client_decoder.hpp"
#include "log_samples.hpp"

namespace spillway::actors::testing {
namespace {

using protocol::payload_form;
using status = fanout::status;

fanout::options roomy() {
  return {.ring = {.frames = 5'000},
          .window = 1 << 20,
          .lag = lag_policy::skip,
          .skip_notice = [](std::uint64_t n) { return "skipped " + std::to_string(n); },
          .deflate_level = deflater::default_level};
}

void append(fanout& f, sequence count) {
  for (; count > 0; --count) f.append(sample_frame(f.ring().end()));
}

std::vector<std::string> samples(sequence from, sequence to) {
  std::vector<std::string> out;
  for (; from < to; ++from) out.push_back(sample_frame(from));
  return out;
}

/// Whether these bytes lie in the memory that the ring's own frames have.
bool lies_in_ring(const fanout& f, sequence at, std::string_view bytes) {
  return f.ring().payload(at).data() == bytes.data() + bytes.size() - f.ring().payload(at).size();
}

TEST(FanoutDeflated, SubscribersInStepShareOneBatchOfCompressedFrames) {
  fanout f(roomy());
  for (subscriber_id id = 0; id < 6; ++id) {
    f.join(id, 0, id < 3 ? payload_form::deflated : payload_form::plain);
    f.next(id);
  }
  append(f, 1);
  auto out = f.pump();
  ASSERT_EQ(out.size(), 6u);
  for (auto& d : out) {
    EXPECT_EQ(d.what.frames, out[d.to < 3 ? 0 : 3].what.frames);
    client_decoder client;
    EXPECT_EQ(client.decode(*d.what.frames), samples(0, 1));
    EXPECT_EQ(client.deflated_frames(), d.to < 3 ? 1u : 0u);
  }
  EXPECT_TRUE(lies_in_ring(f, 0, out[3].what.frames->slices[0].bytes)) << "the only encoding";
}

TEST(FanoutDeflated, FormsInTurnShareTheirBatchesAsWellAsOneForm) {
  fanout f(roomy());
  for (subscriber_id id = 0; id < 100; ++id) {
    f.join(id, id % 3, id % 2 == 0 ? payload_form::deflated : payload_form::plain);
  }
  append(f, 10);
  std::map<batch_ptr, int> uses;
  for (subscriber_id id = 0; id < 100; ++id) ++uses[f.next(id).frames];
  EXPECT_EQ(uses.size(), 6u) << "three places, two forms";
}

TEST(FanoutDeflated, OneLineForAThousandViewersIsOnePieceOfMemory) {
  fanout f(roomy());
  for (subscriber_id id = 0; id < 1'000; ++id) {
    f.join(id, 0, payload_form::plain);
    f.next(id);
  }
  append(f, 1);
  auto out = f.pump();
  ASSERT_EQ(out.size(), 1'000u);
  for (auto& d : out) {
    ASSERT_EQ(d.what.frames->slices.size(), 1u);
    EXPECT_TRUE(lies_in_ring(f, 0, d.what.frames->slices[0].bytes));
  }
}

TEST(FanoutDeflated, WhoeverJoinsWithinASegmentGetsPlainFramesUpToTheNextInOneBatch) {
  fanout f(roomy());
  append(f, 400);
  f.join(1, 100, payload_form::deflated);
  client_decoder client;
  EXPECT_EQ(client.decode(*f.next(1).frames), samples(100, 400));
  EXPECT_EQ(client.deflated_frames(), 400u - 256u);
  append(f, 1);
  EXPECT_EQ(client.decode(*f.next(1).frames), samples(400, 401));
  EXPECT_EQ(client.deflated_frames(), 401u - 256u);
}

TEST(FanoutDeflated, WhoeverSkipsIsOutOfStepUpToTheNextSegment) {
  fanout f(roomy());
  f.join(1, 0, payload_form::deflated);
  f.join(2, 0, payload_form::deflated);
  append(f, 100);
  client_decoder client;
  client_decoder steady;  // keeps the compressed frames going
  EXPECT_EQ(client.decode(*f.next(1).frames), samples(0, 100));
  while (f.ring().end() < 5'150) {
    for (auto got = f.next(2); got.what == status::ready; got = f.next(2)) {
      steady.decode(*got.frames);
    }
    append(f, 50);
  }
  auto skip = f.next(1);
  EXPECT_EQ(skip.frames->skipped, 50u);
  auto got = client.decode(*skip.frames);
  ASSERT_GT(got.size(), 256u);
  EXPECT_EQ(got[0], "skipped 50");
  got.erase(got.begin());
  EXPECT_EQ(got, samples(150, 150 + got.size()));
  EXPECT_EQ(client.deflated_frames(), 100 + got.size() - (256 - 150));
}

TEST(FanoutDeflated, WhereTheCompressedFramesLieFarBackNobodyWaitsForThem) {
  fanout f(roomy());
  f.join(1, 0, payload_form::deflated);
  f.append("a");
  f.next(1);
  for (sequence s = 1; s < 400; ++s) f.append(noise_frame(s, 1'000));
  f.join(2, 256, payload_form::deflated);
  client_decoder client;
  sequence at = 256;
  while (at < 400) {
    auto got = f.next(2);
    ASSERT_EQ(got.what, status::ready);
    const auto payloads = client.decode(*got.frames);
    ASSERT_FALSE(payloads.empty());
    for (const auto& payload : payloads) ASSERT_TRUE(payload == noise_frame(at++, 1'000));
  }
  EXPECT_EQ(client.deflated_frames(), 0u);
}

TEST(FanoutDeflated, ThePlainNeverGetACompressedFrame) {
  fanout f(roomy());
  f.join(1, 0, payload_form::plain);
  f.join(2, 0, payload_form::deflated);
  append(f, 600);
  f.next(2);
  client_decoder client;
  EXPECT_EQ(client.decode(*f.next(1).frames), samples(0, 600));
  EXPECT_EQ(client.deflated_frames(), 0u);
}

TEST(FanoutDeflated, NothingIsCompressedWithoutSomeoneWhoTakesIt) {
  fanout f(roomy());
  f.join(1, 0, payload_form::plain);
  append(f, 600);
  f.next(1);
  EXPECT_EQ(f.deflated_bytes(), 0u);
  f.join(2, 0, payload_form::deflated);
  f.join(3, 0, payload_form::deflated);
  f.next(2);
  EXPECT_GT(f.deflated_bytes(), 0u);
  f.leave(2);
  EXPECT_GT(f.deflated_bytes(), 0u);
  f.leave(3);
  EXPECT_EQ(f.deflated_bytes(), 0u);
  f.join(4, 0, payload_form::deflated);
  client_decoder client;
  EXPECT_EQ(client.decode(*f.next(4).frames), samples(0, 600));
}

TEST(FanoutDeflated, WithoutMemoryForTheContextEveryoneGetsPlainFrames) {
  auto opts = roomy();
  opts.deflate_level = 42;  // zlib makes no such context
  fanout f(opts);
  f.join(1, 0, payload_form::deflated);
  client_decoder client;
  for (int round = 0; round < 3; ++round) {
    append(f, 300);
    EXPECT_EQ(client.decode(*f.next(1).frames), samples(round * 300, (round + 1) * 300));
  }
  EXPECT_EQ(client.deflated_frames(), 0u);
}

TEST(FanoutDeflated, ALimitHoldsForCompressedFramesToo) {
  fanout f(roomy());
  f.join(1, 0, payload_form::deflated);
  f.join(2, 0, payload_form::deflated);
  append(f, 600);
  f.next(1);
  f.limit(2, 300);
  client_decoder client;
  EXPECT_EQ(client.decode(*f.next(2).frames), samples(0, 300));
  EXPECT_EQ(f.next(2).what, status::finished);
}

/// A subscriber with its client, who checks that it gets exactly the frames that it should.
struct checked_viewer {
  payload_form form = payload_form::plain;
  sequence at = 0;
  client_decoder client;
  std::optional<sequence> stop;

  void take(const batch& b) {
    const std::size_t deflated_before = client.deflated_frames();
    auto payloads = client.decode(b);
    ASSERT_EQ(payloads.size(), b.frames);
    auto next = payloads.begin();
    if (b.skipped != 0) {
      ASSERT_EQ(*next++, "skipped " + std::to_string(b.skipped));
      at += b.skipped;
    }
    for (; next != payloads.end(); ++next) ASSERT_EQ(*next, sample_frame(at++));
    ASSERT_LE(at, stop.value_or(at));
    ASSERT_TRUE(form == payload_form::deflated || client.deflated_frames() == deflated_before);
  }
};

/// Viewers of both forms come, go, stall, skip, reread and end at limits, in any order.
class any_schedule {
 public:
  explicit any_schedule(unsigned seed)
      : rng_(seed), policy_(seed % 2 == 0 ? lag_policy::skip : lag_policy::reread), fan_(opts()) {}

  void run() {
    for (int step = 0; step < 400 && !::testing::Test::HasFatalFailure(); ++step) {
      act();
      ASSERT_LE(fan_.deflated_bytes(), fan_.ring().bytes() * 11 / 10 + 1'000);
    }
    fan_.seal();
    handle(fan_.pump());
    while (!viewers_.empty() && !::testing::Test::HasFatalFailure()) ask(viewers_.begin()->first);
    EXPECT_EQ(fan_.subscribers(), 0u);
    EXPECT_EQ(fan_.deflated_bytes(), 0u);
  }

  std::size_t skips = 0;
  std::size_t rereads = 0;
  std::size_t deflated = 0;

 private:
  fanout::options opts() {
    auto o = roomy();
    o.ring.frames = 300 + rng_() % 1'500;
    o.window = 500 + rng_() % 100'000;
    o.lag = policy_;
    return o;
  }

  void act() {
    switch (rng_() % 8) {
      case 0:
        if (viewers_.size() < 10) join();
        break;
      case 1:
        if (!viewers_.empty() && rng_() % 4 == 0) leave(any());
        break;
      case 2:
        if (!viewers_.empty() && rng_() % 4 == 0) limit(any());
        break;
      case 3:
      case 4:
      case 5:
        for (auto n = rng_() % 8; n > 0 && !viewers_.empty(); --n) ask(any());
        break;
      default:
        for (auto n = rng_() % (rng_() % 20 == 0 ? 2'000 : 60); n > 0; --n) {
          fan_.append(sample_frame(fan_.ring().end()));
        }
        if (rng_() % 4 != 0) handle(fan_.pump());
    }
  }

  subscriber_id any() {
    auto found = viewers_.begin();
    std::advance(found, rng_() % viewers_.size());
    return found->first;
  }

  void join() {
    const subscriber_id id = ++last_id_;
    auto& v = viewers_[id];
    v.form = rng_() % 3 == 0 ? payload_form::plain : payload_form::deflated;
    const auto& ring = fan_.ring();
    v.at = rng_() % 2 == 0 ? ring.end() : ring.first() + rng_() % (ring.end() - ring.first() + 1);
    fan_.join(id, v.at, v.form);
  }

  void leave(subscriber_id id) {
    count(viewers_.at(id));
    fan_.leave(id);
    viewers_.erase(id);
  }

  void limit(subscriber_id id) {
    auto& v = viewers_.at(id);
    const sequence wanted = std::max(v.at, fan_.ring().end()) + rng_() % 50;
    v.stop = std::min(v.stop.value_or(wanted), wanted);
    fan_.limit(id, wanted);
  }

  void ask(subscriber_id id) { handle(id, fan_.next(id)); }

  void handle(const std::vector<fanout::delivery>& all) {
    for (const auto& d : all) handle(d.to, d.what);
  }

  void handle(subscriber_id id, const fanout::answer& got) {
    auto& v = viewers_.at(id);
    switch (got.what) {
      case status::ready:
        if (got.frames->skipped != 0) ++skips;
        v.take(*got.frames);
        ASSERT_EQ(got.at, v.at) << "subscriber " << id;
        break;
      case status::behind:
        // As a deploy's viewer does: what it missed comes from elsewhere, on the same connection.
        ++rereads;
        ASSERT_EQ(got.at, v.at);
        v.at = std::min(fan_.ring().first(), v.stop.value_or(fan_.ring().end()));
        fan_.join(id, v.at, v.form);
        if (v.stop) fan_.limit(id, *v.stop);
        break;
      case status::finished:
        ASSERT_EQ(v.at, v.stop ? std::min(*v.stop, fan_.ring().end()) : fan_.ring().end());
        count(v);
        viewers_.erase(id);
        break;
      case status::waiting:
        break;
      case status::unknown:
        FAIL() << "subscriber " << id << " is not known";
    }
  }

  void count(const checked_viewer& v) {
    if (v.form == payload_form::deflated) deflated += v.client.deflated_frames();
  }

  std::mt19937 rng_;
  lag_policy policy_;
  fanout fan_;
  subscriber_id last_id_ = 0;
  std::map<subscriber_id, checked_viewer> viewers_;
};

TEST(FanoutDeflated, EveryViewerInflatesExactlyItsLinesUnderAnySchedule) {
  std::size_t skips = 0;
  std::size_t rereads = 0;
  std::size_t deflated = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    any_schedule schedule(seed);
    schedule.run();
    if (HasFatalFailure()) return;
    skips += schedule.skips;
    rereads += schedule.rereads;
    deflated += schedule.deflated;
  }
  EXPECT_GT(skips, 100u);
  EXPECT_GT(rereads, 100u);
  EXPECT_GT(deflated, 100'000u);
}

}  // namespace
}  // namespace spillway::actors::testing
