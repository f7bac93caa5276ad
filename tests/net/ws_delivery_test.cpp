// What arrives while a stream is open, and what is noticed.
#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

class an_open_stream : public ws_fixture {};

TEST_P(an_open_stream, delivers_batches_in_order) {
  connect();
  EXPECT_EQ(viewer->write(frames({"one", std::string(200, 'a')})), write_result::written);
  EXPECT_EQ(viewer->write(frames({std::string(70'000, 'b')})), write_result::written);
  EXPECT_EQ(viewer->write(frames({})), write_result::written);
  for (const auto& expected :
       {std::string("one"), std::string(200, 'a'), std::string(70'000, 'b')}) {
    auto frame = client->read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 1);
    EXPECT_EQ(frame->payload, expected);
  }
}

TEST_P(an_open_stream, says_when_a_pending_batch_is_out) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  EXPECT_EQ(viewer->write(frames({"second"})), write_result::gone) << "one batch at a time";
  for (int i = 0; i < 400; ++i) ASSERT_TRUE(client->read_frame());
  EXPECT_TRUE(viewer->wait_written(1));
  EXPECT_EQ(viewer->write(frames({"next"})), write_result::written);
  EXPECT_EQ(client->read_frame()->payload, "next");
}

TEST_P(an_open_stream, keeps_pongs_and_batches_apart) {
  connect(4096);
  constexpr int batches = 20;
  constexpr int per_batch = 100;
  // The session's part: the next batch when the last one is out.
  std::thread session([&] {
    int written = 0;
    for (int b = 0; b < batches; ++b) {
      std::vector<std::string> payloads;
      for (int i = 0; i < per_batch; ++i) {
        payloads.push_back(std::to_string(b * per_batch + i) + std::string(5'000, 'x'));
      }
      if (viewer->write(frames(payloads)) == write_result::pending) {
        EXPECT_TRUE(viewer->wait_written(++written));
      }
    }
  });
  int text = 0;
  int pongs = 0;
  int pings = 0;
  while (text < batches * per_batch || pongs < pings) {
    if (text % 50 == 0 && pings <= text / 50 && text < batches * per_batch) {
      client->send(client_frame(9, "ping " + std::to_string(pings++)));
    }
    auto frame = client->read_frame();
    if (!frame) break;
    if (frame->opcode == 10) {
      EXPECT_EQ(frame->payload, "ping " + std::to_string(pongs++));
    } else {
      EXPECT_EQ(frame->opcode, 1);
      EXPECT_EQ(frame->payload.substr(0, frame->payload.find('x')), std::to_string(text++));
    }
  }
  session.join();
  EXPECT_EQ(text, batches * per_batch);
  EXPECT_EQ(pongs, batches * per_batch / 50);
}

TEST_P(an_open_stream, ignores_what_the_client_says) {
  connect(0, client_frame(1, "said right behind the handshake") + client_frame(9, "early"));
  client->send(client_frame(1, "{\"x\":1}") + client_frame(2, std::string(16'000, '\xff')) +
               client_frame(1, "in ", false) + client_frame(9, "p") + client_frame(0, "pieces") +
               client_frame(1, ""));
  EXPECT_EQ(client->read_frame()->payload, "early");
  EXPECT_EQ(client->read_frame()->payload, "p");
  EXPECT_EQ(viewer->write(frames({"still here"})), write_result::written);
  EXPECT_EQ(client->read_frame()->payload, "still here");
}

class a_stream_with_short_times : public ws_fixture {
 protected:
  a_stream_with_short_times() : ws_fixture(short_times()) {}
  static config::settings short_times() {
    config::settings settings;
    settings.stream.read_deadline = 1'000ms;
    settings.stream.ping_interval = 30ms;
    settings.stream.stall_timeout = 100ms;
    return settings;
  }
};

TEST_P(a_stream_with_short_times, pings_again_and_again) {
  connect();
  for (int i = 0; i < 3; ++i) {
    auto frame = client->read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 9);
  }
}

TEST_P(a_stream_with_short_times, tells_of_a_client_that_has_fallen_silent) {
  connect();
  EXPECT_TRUE(viewer->wait_silent());
  viewer->close(protocol::close_code::going_away, "read deadline passed");
  EXPECT_EQ(client->read_close(), (ws_close{1001, "read deadline passed"}));
  client->send(client_close(1001));
  EXPECT_TRUE(client->read_to_end());
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_EQ(viewer->silent_count(), 1);
}

TEST_P(a_stream_with_short_times, takes_pongs_pings_and_data_each_as_a_sign_of_life) {
  struct talker {
    std::uint8_t sign;
    std::unique_ptr<raw_client> client;
    std::shared_ptr<recorded_viewer> viewer;
  };
  std::vector<talker> talkers;
  for (int sign : {10, 9, 1}) {
    connect();
    talkers.push_back({static_cast<std::uint8_t>(sign), std::move(client), viewer});
  }
  // The server's pings are the clock: of one alone, none of the three would live this long.
  for (int pings = 0; pings < 60; ++pings) {
    for (auto& each : talkers) {
      auto frame = each.client->read_frame();
      while (frame && frame->opcode != 9) frame = each.client->read_frame();
      ASSERT_TRUE(frame);
      each.client->send(client_frame(each.sign, "x"));
    }
  }
  for (auto& each : talkers) EXPECT_EQ(each.viewer->silent_count(), 0) << int(each.sign);
}

TEST_P(a_stream_with_short_times, tells_of_a_socket_that_takes_nothing) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  EXPECT_TRUE(viewer->wait_stalled());
  viewer->abort();
  EXPECT_TRUE(viewer->wait_gone());
}

INSTANTIATE_OVER_EACH_TRANSPORT(an_open_stream);
INSTANTIATE_OVER_EACH_TRANSPORT(a_stream_with_short_times);

}  // namespace
}  // namespace spillway::net::testing
