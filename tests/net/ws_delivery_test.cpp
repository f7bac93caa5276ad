// What arrives while a stream is open, and what is noticed.
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

class an_open_stream : public ws_fixture {
 protected:
  /// SO_SNDBUF of the server's end of the client's connection; 0 where this process has none.
  int send_buffer_of_the_server() {
    for (int fd = 0; fd < 1024; ++fd) {
      sockaddr_in peer{};
      socklen_t size = sizeof peer;
      if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
      if (peer.sin_family != AF_INET || ntohs(peer.sin_port) != client->port()) continue;
      int bytes = 0;
      size = sizeof bytes;
      ::getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, &size);
      return bytes;
    }
    return 0;
  }
};

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

TEST_P(an_open_stream, has_a_bounded_buffer_in_the_kernel) {
  connect();
  // What is set is doubled by the kernel, and from then on does not grow by itself.
  EXPECT_EQ(send_buffer_of_the_server(), 2 * (128 << 10));
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
  static constexpr auto read_deadline = 1'000ms;
  static config::settings short_times() {
    config::settings settings;
    settings.stream.read_deadline = read_deadline;
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

class a_client_that_talks : public a_stream_with_short_times {
 protected:
  struct talker {
    std::uint8_t sign;
    std::unique_ptr<raw_client> client;
    std::shared_ptr<recorded_viewer> viewer;
    std::chrono::steady_clock::time_point spoke = std::chrono::steady_clock::now();
    /// How often it was taken for silent up to its last sign.
    int silences = 0;
  };

  talker join(std::uint8_t sign) {
    connect();
    return {sign, std::move(client), viewer};
  }
  /// Waits for the server's next ping and gives the sign. False where that came so late after the
  /// last one, on a machine that stood still, that the client was silent indeed.
  bool speaks(talker& each) {
    auto frame = each.client->read_frame();
    while (frame && frame->opcode != 9) frame = each.client->read_frame();
    EXPECT_TRUE(frame);
    each.silences = each.viewer->silent_count();
    const auto before = std::exchange(each.spoke, std::chrono::steady_clock::now());
    each.client->send(client_frame(each.sign, "x"));
    return frame && std::chrono::steady_clock::now() < before + read_deadline / 2;
  }
  /// Whether each of them gave its sign in time again and again.
  bool all_speak(std::vector<talker>& talkers) {
    // The server's pings are the clock: of one sign alone, none of them would live this long.
    for (int pings = 0; pings < 60; ++pings) {
      for (auto& each : talkers) {
        if (!speaks(each)) return false;
      }
    }
    return true;
  }
};

TEST_P(a_client_that_talks, gives_a_sign_of_life_by_a_pong_a_ping_and_data_each) {
  std::vector<talker> talkers;
  do {
    talkers.clear();
    for (const int sign : {10, 9, 1}) talkers.push_back(join(static_cast<std::uint8_t>(sign)));
  } while (!all_speak(talkers) && !HasFailure());
  for (auto& each : talkers) EXPECT_EQ(each.silences, 0) << int(each.sign);
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
INSTANTIATE_OVER_EACH_TRANSPORT(a_client_that_talks);

}  // namespace
}  // namespace spillway::net::testing
