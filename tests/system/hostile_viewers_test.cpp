// Viewers that do what they should not: nobody else loses a line, and nothing of them stays.
#include "system/crowd_fixture.hpp"

namespace spillway::system_test {
namespace {

class hostile_viewers : public crowd_test {
 protected:
  std::vector<bare_client> upgraded(int count, int receive_buffer_bytes, const std::string& query) {
    std::vector<bare_client> all;
    for (int i = 0; i < count; ++i) {
      all.push_back(client(receive_buffer_bytes));
      all.back().send(request(query));
      EXPECT_TRUE(all.back().upgraded());
    }
    return all;
  }
};

/// Half of them by a reset.
void leave(std::vector<bare_client>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) i % 2 ? all[i].reset() : all[i].close();
}

TEST_F(hostile_viewers, that_never_read_hold_a_bounded_amount_and_leave_no_trace) {
  start({{"stream.stall_timeout", "1h"}});
  memory_margin *= 2;  // they hold a lot before they go, and what they held would be more than this
  times = 8;
  witness w(*spillway, *source);
  expect_no_trace_of([&] {
    const auto before = spillway->resident_bytes();
    std::vector<bare_client> stuck;
    for (int i = 0; i < 50; ++i) {
      stuck.push_back(client(4096));
      stuck.back().send(request(i % 2 ? "tail=all" : "tail=10"));
    }
    EXPECT_TRUE(w.sees_more(20'000));
    EXPECT_LT(spillway->resident_bytes(), before + stuck.size() * (512U << 10) + memory_margin);
    leave(stuck);
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_ask_for_a_deep_history_and_never_read_hold_a_bounded_amount) {
  start({{"stream.stall_timeout", "1h"}, {"logs.ring_size", "4MiB"}}, 30);
  memory_margin *= 4;  // half of what they hold
  witness w(*spillway, *source, printing::by_hand);
  for (int i = 0; i < 100; ++i) {
    source->print(1'000);
    ASSERT_TRUE(w.has_all());
  }
  expect_no_trace_of([&] {
    const auto before = spillway->resident_bytes();
    auto stuck = upgraded(50, 4096, "tail=90000");
    for (auto& each : upgraded(50, 4096, "tail=all")) stuck.push_back(std::move(each));
    // The first lines of each are on their way.
    for (auto& each : stuck) EXPECT_FALSE(each.receive(1).empty());
    EXPECT_LT(spillway->resident_bytes(), before + stuck.size() * (1536U << 10) + memory_margin);
    leave(stuck);
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_read_byte_by_byte_leave_no_trace) {
  start({{"stream.stall_timeout", "1h"}});
  memory_margin = small_margin;
  times = 8;
  witness w(*spillway, *source);
  expect_no_trace_of([&] {
    auto slow = upgraded(100, 4096, "tail=10");
    for (int round = 0; round < 100; ++round) {
      for (auto& each : slow) EXPECT_EQ(each.receive(1).size(), 1U);
      EXPECT_TRUE(w.sees_more(80));
    }
    leave(slow);
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_take_nothing_are_cut_after_the_stall_timeout) {
  start({{"stream.stall_timeout", "500ms"}});
  memory_margin = small_margin;
  times = 8;
  witness w(*spillway, *source);
  expect_no_trace_of([&] {
    const auto without_them = spillway->open_descriptors();
    std::vector<std::unique_ptr<viewer>> stuck;
    for (int i = 0; i < 100; ++i)
      stuck.push_back(spillway->watch(
          logs("crowd"), {.headers = {}, .paused = true, .receive_buffer_bytes = 4096}));
    EXPECT_TRUE(eventually([&] { return spillway->open_descriptors() <= without_them; }));
    for (const auto& each : stuck) {
      each->resume();
      const auto end = each->wait_closed();
      ASSERT_TRUE(end);
      EXPECT_FALSE(end->close_frame);
    }
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_send_16_mib_frames_are_told_1009) {
  start();
  memory_margin = small_margin;
  times = 10;
  witness w(*spillway, *source);
  // A whole text frame of 16 MiB, its mask zero.
  std::string frame("\x81\xff\0\0\0\0\x01\0\0\0\0\0\0\0", 14);
  frame.append(16 << 20, 'x');
  expect_no_trace_of([&] {
    for (const int at_once : {1, 10}) {
      spillway->forget_peak();
      const auto before = spillway->resident_bytes();
      auto rude = upgraded(at_once, 0, "tail=0");
      std::vector<std::thread> senders;
      for (auto& each : rude) {
        senders.emplace_back([&] {
          each.send(frame);
          const auto heard = each.receive_all();
          const std::string close("\x88\x11\x03\xf1message too big");
          EXPECT_TRUE(heard.ends_with(close)) << heard.substr(heard.size() - 40);
        });
      }
      for (auto& each : senders) each.join();
      EXPECT_LT(spillway->peak_resident_bytes(),
                before + std::max(memory_margin, frame.size() / 2));
    }
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_stay_silent_are_told_1001_and_dropped_though_they_stay) {
  start({{"stream.read_deadline", "1s"},
         {"stream.ping_interval", "100ms"},
         {"deploy.start_wait", "1h"}});
  memory_margin = small_margin;
  witness w(*spillway, *source);
  expect_no_trace_of([&] {
    const auto descriptors = spillway->open_descriptors();
    std::vector<bare_client> silent;
    for (int i = 0; i < 800; ++i) {
      silent.push_back(client());
      silent.back().send(upgrade_request(deploy_logs("crowd"), spillway->token()));
      EXPECT_TRUE(silent.back().upgraded());
    }
    for (auto& each : silent) {
      const auto heard = each.receive_all();
      EXPECT_TRUE(heard.ends_with("\x03\xe9nothing received for too long")) << heard;
    }
    EXPECT_TRUE(eventually([&] { return spillway->open_descriptors() <= descriptors; }));
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_give_up_at_any_step_of_the_handshake_leave_no_trace) {
  start({{"limits.header_timeout", "1s"}});
  memory_margin = small_margin;
  times = 3;
  witness w(*spillway, *source);
  const auto whole = request("tail=10");
  expect_no_trace_of([&] {
    std::vector<bare_client> waiting;
    for (std::size_t sent = 0; sent <= whole.size(); sent += 7) {
      for (const bool reset : {false, true}) {
        auto brief = client();
        brief.send(whole.substr(0, sent));
        if (reset) brief.reset();
      }
      waiting.push_back(client());
      waiting.back().send(whole.substr(0, sent));
      if (sent % 2) waiting.back().end_sending();
    }
    for (const bool reset : {false, true}) {
      for (int i = 0; i < 50; ++i) {
        auto brief = client();
        brief.send(whole);
        if (reset) brief.reset();
      }
    }
    for (auto& each : waiting) EXPECT_TRUE(each.wait_for_end()) << "the server must give up";
    auto half_closed = upgraded(10, 0, "tail=10");
    for (auto& each : half_closed) each.end_sending();
    for (auto& each : half_closed) EXPECT_TRUE(each.wait_for_end());
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_reset_in_the_middle_of_a_batch_leave_no_trace) {
  start({{"stream.stall_timeout", "1h"}});
  memory_margin /= 2;
  times = 7;
  witness w(*spillway, *source);
  expect_no_trace_of([&] {
    for (int round = 0; round < 5; ++round) {
      auto stuck = upgraded(40, 4096, round % 2 ? "tail=all" : "tail=100");
      for (auto& each : stuck) EXPECT_FALSE(each.receive(1 + 100 * round).empty());
      // More than what the sockets take: each has a batch that is out in part.
      EXPECT_TRUE(w.sees_more(3'000));
      for (auto& each : stuck) each.reset();
    }
  });
  w.expect_every_line();
}

TEST_F(hostile_viewers, that_come_and_go_by_the_thousand_leave_no_trace) {
  start();
  witness w(*spillway, *source, printing::by_hand);
  constexpr int doors = 4;
  constexpr int visits = 2'500;
  const auto began = std::chrono::steady_clock::now();
  expect_no_trace_of([&] {
    std::vector<std::thread> crowd;
    for (int door = 0; door < doors; ++door) {
      crowd.emplace_back([&] {
        for (int i = 0; i < visits; ++i) {
          auto visitor = client();
          source->print(1);
          visitor.send(request(i % 3 ? "tail=0" : "tail=10"));
          ASSERT_TRUE(visitor.upgraded()) << "visit " << i;
          i % 2 ? visitor.reset() : visitor.close();
        }
      });
    }
    for (auto& each : crowd) each.join();
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  RecordProperty("visits_a_second", std::to_string(2 * doors * visits / took.count()));
  w.expect_every_line();
}

/// How long the one long line is: what a build can take in seconds.
constexpr std::uint64_t giant = test::sanitized ? 64ULL << 20 : 1ULL << 30;

class a_source : public crowd_test, public ::testing::WithParamInterface<log_form> {};

TEST_P(a_source, that_prints_one_giant_line_costs_a_bounded_amount_and_the_line_is_cut) {
  start({{"logs.ring_size", "4MiB"}}, 200, GetParam());
  witness w(*spillway, *source, printing::by_hand);
  source->print(1'000);
  ASSERT_TRUE(w.has_all());
  const auto other = spillway->watch(logs("crowd", "tail=1"));
  ASSERT_TRUE(other->wait_for_count(1));
  const auto descriptors = spillway->open_descriptors();
  spillway->forget_peak();
  const auto before = spillway->resident_bytes();
  source->print_long_line(giant);
  source->print(100);
  ASSERT_TRUE(other->wait_for_count(102, 4 * patience));
  EXPECT_LT(spillway->peak_resident_bytes(), before + (16U << 20));
  const auto line = text_of(other->frames()[1], "line");
  constexpr std::size_t kept = 256 << 10;
  EXPECT_EQ(line.substr(kept),
            " [spillway] line cut, " + std::to_string(giant - kept) + " bytes dropped");
  EXPECT_EQ(line.find_first_not_of('x'), kept);
  EXPECT_EQ(text_of(other->newest(), "line").substr(0, 10), "line 1102 ");
  EXPECT_TRUE(eventually([&] { return spillway->open_descriptors() <= descriptors; }));
  EXPECT_TRUE(eventually([&] { return spillway->resident_bytes() <= before + memory_margin; }))
      << spillway->resident_bytes() << " after " << before;
}

INSTANTIATE_TEST_SUITE_P(of_each_form, a_source,
                         ::testing::Values(log_form::multiplexed, log_form::tty));

}  // namespace
}  // namespace spillway::system_test
