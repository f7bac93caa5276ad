// A client that leaves after each byte of a whole conversation.
#include "net/ws_fixture.hpp"

namespace spillway::net::testing {
namespace {

class a_client_that_leaves : public ws_fixture {
 protected:
  /// The session's part: sends, and closes at once.
  void answer_all() {
    for (; answered < server.gateway.opened(); ++answered) {
      auto next = server.gateway.next_viewer();
      ASSERT_TRUE(next);
      next->write(frames({"one", "two"}));
      if (answered % 2 == 0) next->close(protocol::close_code::normal, "done");
      all.push_back(next);
    }
  }

  std::size_t answered = 0;
  std::vector<std::shared_ptr<recorded_viewer>> all;
};

TEST_P(a_client_that_leaves, is_gone_exactly_once_at_whatever_byte) {
  auto conversation = upgrade_request("/api/apps/shop/logs", bearer("viewer")) +
                      client_frame(1, "hello") + client_frame(9, "ping") +
                      client_frame(1, "in ", false) + client_frame(0, "pieces") +
                      client_close(1000);
  for (std::size_t n = 0; n <= conversation.size(); ++n) {
    raw_client leaving(server.port(), 0, GetParam());
    leaving.send(std::string_view(conversation).substr(0, n));
    // Half of them wait for the handshake's answer, half are gone before it.
    if (n % 2 == 0 && n >= conversation.find("\r\n\r\n") + 4) leaving.read_answer();
    leaving.disconnect();
    answer_all();
  }
  // Some of the last ones may still be on their way in.
  connect();
  all.push_back(viewer);
  client->disconnect();
  for (auto& each : all) {
    EXPECT_TRUE(each->wait_gone());
    EXPECT_EQ(each->gone_count(), 1);
    EXPECT_EQ(each->write(frames({"late"})), write_result::gone);
  }
  EXPECT_EQ(server.get("/api/health").status, 200);
}

INSTANTIATE_OVER_EACH_TRANSPORT(a_client_that_leaves);

}  // namespace
}  // namespace spillway::net::testing
