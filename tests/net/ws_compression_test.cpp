// permessage-deflate on a connection: what is agreed on, and what a client may then send.
#include "net/deflater.hpp"
#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::string_literals;

class a_compressed_stream : public ws_fixture {
 protected:
  using ws_fixture::ws_fixture;

  /// Opens a stream with these values of the header field; returns that of the answer.
  std::string open(const std::vector<std::string>& offers, std::string_view more = {}) {
    auto fields = bearer("viewer");
    for (const auto& offer : offers) fields += "Sec-WebSocket-Extensions: " + offer + "\r\n";
    client = std::make_unique<raw_client>(server.port(), 0, GetParam());
    client->send(upgrade_request("/api/apps/shop/logs", fields) + std::string(more));
    auto answer = client->read_answer();
    EXPECT_EQ(answer.status, 101);
    viewer = server.gateway.next_viewer();
    auto found = answer.fields.find("sec-websocket-extensions");
    return found == answer.fields.end() ? "" : found->second;
  }

  bool takes_deflated() {
    return viewer->on_strand(
        [](const actors::viewer_connection* connection) { return connection->takes_deflated(); });
  }

  /// Sends this, and a ping: the pong says that what stood before it was taken.
  void expect_taken(const std::string& bytes) {
    client->send(bytes + client_frame(9, "taken"));
    auto frame = client->read_frame();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, 10);
    EXPECT_EQ(frame->payload, "taken");
  }

  void expect_end(const std::string& bytes, const ws_close& end) {
    open({"permessage-deflate"});
    client->send(bytes);
    EXPECT_EQ(client->read_close(), end);
    client->send(client_close(end.code));
    client->finish_sending();
    EXPECT_TRUE(viewer->wait_gone());
    EXPECT_TRUE(client->read_to_end());
    EXPECT_EQ(viewer->gone_count(), 1);
  }
};

TEST_P(a_compressed_stream, is_agreed_on_where_the_client_offers_it) {
  EXPECT_EQ(open({"permessage-deflate; client_max_window_bits"}),
            "permessage-deflate; client_no_context_takeover");
  EXPECT_TRUE(takes_deflated());
  EXPECT_EQ(open({"x-other; a=1",
                  "permessage-deflate; server_no_context_takeover, "
                  "permessage-deflate; server_max_window_bits=15"}),
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=15");
  EXPECT_TRUE(takes_deflated());
}

TEST_P(a_compressed_stream, is_a_plain_one_where_no_offer_can_be_met) {
  const std::vector<std::string> offers[] = {{},
                                             {"permessage-deflate; server_no_context_takeover"},
                                             {"permessage-deflate; server_max_window_bits=9"},
                                             {"permessage-deflate;"},
                                             {"permessage-deflate", "\"x"}};
  for (const auto& offer : offers) {
    EXPECT_EQ(open(offer), "");
    EXPECT_FALSE(takes_deflated());
    client->send(compressed_frame(1, deflated("x")));
    EXPECT_EQ(client->read_close(), (ws_close{1002, "protocol error"}));
  }
}

TEST_P(a_compressed_stream, takes_compressed_and_plain_messages) {
  open({"permessage-deflate"});
  std::string most(16 << 10, 'x');
  auto in_pieces = deflated("in pieces");
  expect_taken(compressed_frame(1, deflated("Hello")));
  expect_taken(compressed_frame(1, deflated(most)) + client_frame(1, most));
  expect_taken(compressed_frame(2, in_pieces.substr(0, 4), false) +
               client_frame(0, in_pieces.substr(4)));
}

TEST_P(a_compressed_stream, takes_what_comes_with_the_request) {
  open({"permessage-deflate"}, compressed_frame(1, deflated("early")) + client_frame(9, "early"));
  viewer->on_strand([](actors::viewer_connection*) { return 0; });
  auto frame = client->read_frame();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->payload, "early");
  expect_taken(compressed_frame(1, deflated("later")));
}

TEST_P(a_compressed_stream, takes_messages_byte_by_byte) {
  open({"permessage-deflate"});
  auto bytes =
      compressed_frame(1, deflated("slowly, \xe2\x82\xac")) + client_frame(1, "\xe2\x82\xac");
  for (char byte : bytes) ASSERT_TRUE(client->send({&byte, 1}));
  expect_taken("");
}

TEST_P(a_compressed_stream, ends_with_1009_on_a_message_that_grows_too_big) {
  const ws_close too_big{1009, "message too big"};
  expect_end(compressed_frame(1, deflated(std::string((16 << 10) + 1, 'x'))), too_big);
  expect_end(compressed_frame(2, deflated(std::string(10 << 20, 'x'))), too_big);
  // Also on the wire, whatever it would grow to.
  std::string nothing;
  for (int i = 0; i < 4'000; ++i) nothing += std::string_view("\x00\x00\x00\xff\xff", 5);
  expect_end(compressed_frame(2, nothing), too_big);
}

TEST_P(a_compressed_stream, ends_with_1007_on_a_message_that_is_damaged_or_no_utf8) {
  const ws_close damaged{1007, "compressed message is damaged"};
  expect_end(compressed_frame(1, "\xff\xff\xff\xff"), damaged);
  expect_end(compressed_frame(2, deflated("cut off").substr(0, 5)), damaged);
  expect_end(compressed_frame(1, "\xff") + compressed_frame(1, "\xff") + "garbage", damaged);
  expect_end(compressed_frame(1, deflated("abc\xff")), {1007, "message is not UTF-8"});
  expect_end(client_frame(1, "abc\xff"), {1007, "message is not UTF-8"});
}

TEST_P(a_compressed_stream, ends_with_1002_on_a_mark_where_none_belongs) {
  auto payload = deflated("x");
  auto both = compressed_frame(1, payload);
  both[0] = static_cast<char>(both[0] | 0x20);
  auto unmasked = compressed_frame(1, payload);
  unmasked[1] = static_cast<char>(unmasked[1] & 0x7f);
  for (const auto& broken :
       {compressed_frame(9, "ping"), compressed_frame(0, payload),
        compressed_frame(1, payload, false) + compressed_frame(0, payload),
        compressed_frame(1, payload, false) + compressed_frame(1, payload), both, unmasked}) {
    expect_end(broken, {1002, "protocol error"});
  }
}

TEST_P(a_compressed_stream, ends_with_its_sessions_reason_whatever_still_comes) {
  open({"permessage-deflate"});
  viewer->close(protocol::close_code::normal, "deploy finished");
  EXPECT_EQ(client->read_close(), (ws_close{1000, "deploy finished"}));
  client->send(compressed_frame(1, deflated(std::string(1 << 20, 'x'))) + client_close(1000));
  client->finish_sending();
  EXPECT_TRUE(viewer->wait_gone());
  EXPECT_TRUE(client->read_to_end());
}

config::settings without_compression() {
  auto settings = calm_settings();
  settings.stream.compression = false;
  return settings;
}

class a_stream_without_compression : public a_compressed_stream {
 protected:
  a_stream_without_compression() : a_compressed_stream(without_compression()) {}
};

TEST_P(a_stream_without_compression, agrees_on_no_extension) {
  EXPECT_EQ(open({"permessage-deflate"}), "");
  EXPECT_FALSE(takes_deflated());
  client->send(compressed_frame(1, deflated("x")));
  EXPECT_EQ(client->read_close(), (ws_close{1002, "protocol error"}));
}

INSTANTIATE_OVER_EACH_TRANSPORT(a_compressed_stream);
INSTANTIATE_OVER_EACH_TRANSPORT(a_stream_without_compression);

}  // namespace
}  // namespace spillway::net::testing
