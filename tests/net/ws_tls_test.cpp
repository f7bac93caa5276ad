// What only a stream over TLS can meet: records in pieces, and its own goodbye.
#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

using protocol::close_code;

class a_tls_stream : public ws_fixture {};

TEST_P(a_tls_stream, takes_records_byte_by_byte) {
  connect();
  auto records = client->tls().seal(client_frame(9, "one"));
  records += client->tls().seal(client_frame(9, "two"));
  for (char byte : records) ASSERT_TRUE(client->send_raw({&byte, 1}));
  EXPECT_EQ(client->read_frame()->payload, "one");
  EXPECT_EQ(client->read_frame()->payload, "two");
}

TEST_P(a_tls_stream, takes_many_frames_from_one_record) {
  connect();
  std::string pings;
  for (int i = 0; i < 500; ++i) pings += client_frame(9, std::to_string(i));
  ASSERT_TRUE(client->send(pings));
  // Beast answers the latest ping when it could not answer each: the last always.
  std::string last;
  while (last != "499") {
    auto frame = client->read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 10);
    last = frame->payload;
  }
}

TEST_P(a_tls_stream, is_gone_when_the_client_leaves_in_the_middle_of_a_record) {
  for (bool by_reset : {false, true}) {
    connect();
    auto record = client->tls().seal(client_frame(1, std::string(10'000, 'x')));
    ASSERT_TRUE(client->send_raw(std::string_view(record).substr(0, record.size() / 2)));
    // What is written meanwhile does not mind the half record.
    EXPECT_EQ(viewer->write(frames({"still here"})), write_result::written);
    EXPECT_EQ(client->read_frame()->payload, "still here");
    by_reset ? client->reset() : client->disconnect();
    EXPECT_TRUE(viewer->wait_gone());
    EXPECT_EQ(viewer->gone_count(), 1);
  }
}

TEST_P(a_tls_stream, is_gone_when_a_record_has_been_tampered_with) {
  connect();
  auto record = client->tls().seal(client_frame(1, "hello"));
  record.back() = static_cast<char>(record.back() ^ 1);
  ASSERT_TRUE(client->send_raw(record));
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_EQ(viewer->gone_count(), 1);
  EXPECT_EQ(viewer->write(frames({"late"})), write_result::gone);
}

TEST_P(a_tls_stream, ends_when_the_client_just_says_close_notify) {
  connect();
  ASSERT_TRUE(client->send_raw(client->tls().close_notify()));
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_TRUE(client->read_to_end());
  EXPECT_TRUE(client->ended_cleanly());
}

TEST_P(a_tls_stream, needs_no_close_notify_from_a_client_that_closes_its_socket) {
  connect();
  viewer->close(close_code::normal, "done");
  EXPECT_EQ(client->read_close(), (ws_close{1000, "done"}));
  client->send(client_close(1000));
  client->disconnect();
  EXPECT_TRUE(viewer->wait_gone());
}

TEST_P(a_tls_stream, waits_for_the_close_notify_of_a_client_that_answered_the_close) {
  connect();
  client->answers_close_notify = false;
  viewer->close(close_code::normal, "done");
  EXPECT_EQ(client->read_close(), (ws_close{1000, "done"}));
  client->send(client_close(1000));
  EXPECT_TRUE(client->read_to_end());
  EXPECT_TRUE(client->ended_cleanly());
  viewer->on_strand([](actors::viewer_connection*) { return 0; });
  EXPECT_EQ(viewer->gone_count(), 0) << "closed, a close_notify would be answered by a reset";
  ASSERT_TRUE(client->send_raw(client->tls().close_notify()));
  EXPECT_TRUE(viewer->wait_gone());
}

class a_tls_stream_with_little_patience : public ws_fixture {
 protected:
  a_tls_stream_with_little_patience()
      : ws_fixture(calm_settings(), std::chrono::milliseconds(100)) {}
};

TEST_P(a_tls_stream_with_little_patience, is_cut_when_the_client_does_not_answer_close_notify) {
  connect();
  client->answers_close_notify = false;
  viewer->close(close_code::normal, "done");
  EXPECT_EQ(client->read_close(), (ws_close{1000, "done"}));
  client->send(client_close(1000));
  EXPECT_TRUE(client->read_to_end());
  EXPECT_TRUE(client->ended_cleanly());
  EXPECT_TRUE(viewer->wait_gone());
}

INSTANTIATE_TEST_SUITE_P(over, a_tls_stream, ::testing::Values(transport::tls), name_of_transport);
INSTANTIATE_TEST_SUITE_P(over, a_tls_stream_with_little_patience, ::testing::Values(transport::tls),
                         name_of_transport);

}  // namespace
}  // namespace spillway::net::testing
