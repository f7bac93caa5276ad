// How a stream ends: every close code by name, and every way to go without one.
#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

using protocol::close_code;

class a_stream : public ws_fixture {};

TEST_P(a_stream, ends_with_the_code_and_reason_that_its_session_chose) {
  const std::tuple<close_code, const char*> ends[] = {
      {close_code::normal, "deploy finished"},
      {close_code::going_away, "server shutting down"},
      {close_code::policy_violation, "access ended"},
      {close_code::internal_error, "the source failed"}};
  for (const auto& [code, reason] : ends) {
    connect();
    viewer->close(code, reason);
    EXPECT_EQ(client->read_close(), (ws_close{static_cast<std::uint16_t>(code), reason}));
    client->send(client_close(static_cast<std::uint16_t>(code)));
    EXPECT_TRUE(client->read_to_end());
    EXPECT_TRUE(client->ended_cleanly());
    EXPECT_TRUE(viewer->wait_gone());
    EXPECT_EQ(viewer->gone_count(), 1);
  }
}

TEST_P(a_stream, counts_the_first_close_only) {
  connect();
  viewer->close(close_code::normal, "first");
  viewer->close(close_code::internal_error, "second");
  EXPECT_EQ(client->read_close(), (ws_close{1000, "first"}));
  client->send(client_close(1000));
  EXPECT_FALSE(client->read_close());
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream, ends_with_1002_when_the_client_breaks_the_protocol) {
  using namespace std::string_literals;
  for (const auto& broken :
       {"\x81\x01x"s /* not masked */, client_frame(3, "x") /* reserved opcode */,
        client_frame(0, "x") /* continues nothing */, client_frame(9, "x", false) /* cut ping */,
        "\xc1\x80\x11\x22\x33\x44"s /* RSV1 without an extension */, client_close(999),
        client_frame(9, std::string(126, 'x')) /* long control frame */}) {
    connect();
    client->send(broken);
    EXPECT_EQ(client->read_close(), (ws_close{1002, "protocol error"}));
    client->finish_sending();
    EXPECT_TRUE(viewer->wait_gone());
    EXPECT_TRUE(client->read_to_end());
    EXPECT_EQ(viewer->gone_count(), 1);
  }
}

TEST_P(a_stream, understands_what_follows_pongs_however_it_is_cut) {
  const auto pongs = client_frame(10, "") + client_frame(10, "payload");
  const auto bytes = pongs + client_frame(1, "ignored") + client_close(1000);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    connect();
    client->send(bytes.substr(0, cut));
    // Mostly the first part has been read by the time this has come.
    viewer->write(frames({"between"}));
    ASSERT_TRUE(client->read_frame());
    client->send(bytes.substr(cut));
    auto end = client->read_close();
    ASSERT_TRUE(end) << cut;
    EXPECT_EQ(end->code, 1000) << cut;
    client->finish_sending();
    EXPECT_TRUE(viewer->wait_gone());
  }
}

TEST_P(a_stream, ends_with_1007_when_the_client_sends_text_that_is_not_utf8) {
  connect();
  client->send(client_frame(1, "abc\xff"));
  EXPECT_EQ(client->read_close(), (ws_close{1007, "message is not UTF-8"}));
  client->finish_sending();
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream, ends_with_1009_when_the_client_sends_more_than_16_kib) {
  connect();
  client->send(client_frame(2, std::string(16 << 10, 'x')));
  client->send(client_frame(2, std::string((16 << 10) + 1, 'x')));
  EXPECT_EQ(client->read_close(), (ws_close{1009, "message too big"}));
  client->finish_sending();
  EXPECT_TRUE(viewer->wait_gone());
  // In pieces it is the same message.
  connect();
  client->send(client_frame(2, std::string(16 << 10, 'x'), false) + client_frame(0, "x"));
  EXPECT_EQ(client->read_close(), (ws_close{1009, "message too big"}));
  client->finish_sending();
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream, answers_the_clients_own_close) {
  connect();
  client->send(client_close(1000));
  EXPECT_EQ(client->read_close(), (ws_close{1000, ""}));
  client->finish_sending();
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_EQ(viewer->write(frames({"late"})), write_result::gone);
}

TEST_P(a_stream, takes_no_batch_after_a_close_frame) {
  connect();
  viewer->close(close_code::normal, "done");
  EXPECT_EQ(viewer->write(frames({"late"})), write_result::gone);
  auto first = client->read_frame();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->opcode, 8);
  client->send(client_close(1000));
  EXPECT_TRUE(client->read_to_end());
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream, closes_after_the_batch_that_is_pending) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  viewer->close(close_code::normal, "done");
  for (int i = 0; i < 400; ++i) {
    auto frame = client->read_frame();
    ASSERT_TRUE(frame);
    ASSERT_EQ(frame->payload.substr(0, frame->payload.find('x')), std::to_string(i));
  }
  EXPECT_EQ(client->read_close(), (ws_close{1000, "done"}));
  client->send(client_close(1000));
  EXPECT_TRUE(client->read_to_end());
  EXPECT_TRUE(client->ended_cleanly());
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream, is_dropped_at_once_when_aborted) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  viewer->abort();
  viewer->abort();
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_TRUE(client->read_to_end());
  EXPECT_EQ(viewer->gone_count(), 1);
}

TEST_P(a_stream, is_gone_when_the_client_just_leaves) {
  connect();
  client->disconnect();
  EXPECT_TRUE(viewer->wait_gone());
  // With a batch in the way as well.
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  client->disconnect();
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_EQ(viewer->gone_count(), 1);
}

TEST_P(a_stream, is_gone_when_the_client_resets_in_the_middle_of_a_batch) {
  // Once while the server waits for room, once while it may be sending.
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  client->reset();
  EXPECT_TRUE(viewer->wait_gone());
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(client->read_frame());
  client->reset();
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_EQ(viewer->gone_count(), 1);
  EXPECT_EQ(viewer->write(frames({"late"})), write_result::gone);
}

class a_stream_with_little_patience : public ws_fixture {
 protected:
  a_stream_with_little_patience() : ws_fixture(calm_settings(), std::chrono::milliseconds(100)) {}
};

TEST_P(a_stream_with_little_patience, is_cut_when_the_client_does_not_answer_a_close) {
  connect();
  viewer->close(close_code::normal, "done");
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_EQ(client->read_close(), (ws_close{1000, "done"}));
  EXPECT_TRUE(client->read_to_end());
}

TEST_P(a_stream_with_little_patience, is_cut_when_a_stuck_client_does_not_even_take_the_close) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  viewer->close(close_code::normal, "done");
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream_with_little_patience, is_cut_when_the_client_breaks_the_protocol_and_stays) {
  connect();
  client->send(client_frame(3, "x"));
  EXPECT_EQ(client->read_close(), (ws_close{1002, "protocol error"}));
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_stream_with_little_patience,
       is_cut_when_the_client_breaks_the_protocol_while_it_is_closed) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch()), write_result::pending);
  viewer->close(close_code::normal, "done");
  client->send(client_frame(3, "x"));
  EXPECT_TRUE(viewer->wait_gone());
}

class a_stream_to_a_thin_line : public ws_fixture {
 protected:
  a_stream_to_a_thin_line() : ws_fixture(calm_settings(), std::chrono::seconds(1)) {}
};

/// All of it is in the kernel when the stream ends: the socket has nothing to tell any more.
TEST_P(a_stream_to_a_thin_line, is_not_cut_while_the_client_takes_what_came_before_the_close) {
  connect(4096);
  ASSERT_EQ(viewer->write(large_batch(9)), write_result::written);
  viewer->close(close_code::normal, "done");
  for (int i = 0; i < 9; ++i) {
    // The line's own pace: in all longer than what is waited for one that takes nothing.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ASSERT_TRUE(client->read_frame()) << i;
  }
  EXPECT_EQ(client->read_close(), (ws_close{1000, "done"}));
}

INSTANTIATE_OVER_EACH_TRANSPORT(a_stream);
INSTANTIATE_OVER_EACH_TRANSPORT(a_stream_with_little_patience);
INSTANTIATE_OVER_EACH_TRANSPORT(a_stream_to_a_thin_line);

}  // namespace
}  // namespace spillway::net::testing
