// What must not be believed: requests, bodies, slugs and WebSocket frames from outside.
#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

class hostile_input : public on_one_server<hostile_input> {
 public:
  static setting_values settings() {
    return {{"deploy.start_wait", "1h"}, {"limits.header_timeout", "3s"}};
  }

 protected:
  void TearDown() override {
    EXPECT_EQ(spillway().nobody().get("/api/health").status, 200U) << "the server must live on";
    on_one_server::TearDown();
  }

  /// A stream that stays open and quiet: a deploy that never starts.
  static std::unique_ptr<viewer> quiet_stream() {
    const auto slug = new_slug();
    std::filesystem::create_directories(spillway().app_folder(slug));
    std::ofstream(spillway().app_folder(slug) / "docker-compose.yml") << web_app("true");
    auto stream = spillway().watch(deploy_logs(slug));
    EXPECT_EQ(stream->handshake_status(), 101U);
    return stream;
  }

  static http_response admin_sends(const std::string& line, const std::string& more = "") {
    return raw_exchange(spillway().where(), line +
                                                " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                                                spillway().token() + "\r\n" + more +
                                                (more.ends_with("\r\n\r\n") ? "" : "\r\n"));
  }

  static void expect_error(const http_response& answer, unsigned status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_TRUE(answer.json().is_object() && answer.json().contains("error")) << answer.body;
  }
};

TEST_F(hostile_input, unknown_paths_and_wrong_methods_say_so) {
  expect_error(spillway().admin().get("/api/no/such/path"), 404);
  expect_error(spillway().admin().get("/api/apps/no-such-app"), 404);
  expect_error(spillway().admin().get("/api/apps/no-such-app/services"), 404);
  expect_error(spillway().admin().post("/api/apps/no-such-app/restart"), 404);
  const auto wrong = spillway().admin().remove("/api/apps");
  expect_error(wrong, 405);
  EXPECT_NE(wrong.header("allow").find("GET"), std::string::npos);
  expect_error(spillway().admin().get("/api/apps/deploy/../../x"), 404);
}

TEST_F(hostile_input, slugs_that_reach_for_files_or_memory_are_unknown_apps) {
  for (const auto& slug : {std::string(".."), std::string("%2e%2e"), std::string("..%2f..%2fetc"),
                           std::string("a%00b"), std::string("%00"), std::string(".hidden"),
                           std::string("-flag"), std::string("a%20b"), std::string("%ff%fe"),
                           std::string("a%5cb"), std::string(10'000, 'a'), std::string(64, 'a')}) {
    SCOPED_TRACE(slug.substr(0, 80));
    expect_error(admin_sends("GET /api/apps/" + slug), 404);
    expect_error(admin_sends("DELETE /api/apps/" + slug), 404);
    expect_error(admin_sends("POST /api/apps/" + slug + "/restart", "Content-Length: 0\r\n"), 404);
    for (const std::string kind : {"logs", "deploy-logs"})
      EXPECT_EQ(spillway().watch("/api/apps/" + slug + "/" + kind)->handshake_status(), 404U);
  }
}

TEST_F(hostile_input, a_request_that_is_no_http_gets_400_or_a_closed_connection) {
  for (const auto& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15),
        std::string("GET /api/health\0 HTTP/1.1\r\nHost: x\r\n\r\n", 38),
        std::string("GET /api/apps/%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
        std::string("GET / HTTP/9.9\r\n\r\n"), std::string("\r\n\r\n\r\n\r\nnonsense\r\n\r\n")}) {
    const auto answer = raw_exchange(spillway().where(), bytes);
    EXPECT_TRUE(answer.status == 0 || (answer.status >= 400 && answer.status < 500))
        << answer.status << " to " << bytes;
  }
}

TEST_F(hostile_input, a_header_that_never_ends_or_grows_too_big_is_given_up) {
  const auto slow = raw_exchange(spillway().where(), "GET /api/health HTTP/1.1\r\nHost: x\r\n");
  EXPECT_TRUE(slow.status == 408 || slow.body.starts_with("cut off")) << slow.body;
  const auto big = admin_sends("GET /api/health", "X-Much: " + std::string(20'000, 'x') + "\r\n");
  EXPECT_TRUE(big.status == 431 || big.status == 413 || big.status == 400) << big.status;
}

TEST_F(hostile_input, bodies_that_are_not_what_they_should_be_are_named) {
  const auto post = [](const std::string& body) {
    return spillway().admin().send("POST", "/api/apps/deploy", body);
  };
  const auto good = base64(web_app("true"));
  for (const auto& body :
       {std::string("{not json"), std::string("[]"), std::string("null"), std::string("{}"),
        std::string(100'000, '['), std::string("{\"name\":\"\xff\",\"compose\":\"\"}"),
        nlohmann::json{{"name", "app"}}.dump(),
        nlohmann::json{{"name", 7}, {"compose", good}}.dump(),
        nlohmann::json{{"name", "app"}, {"compose", "%%% not base64"}}.dump(),
        nlohmann::json{{"name", "app"}, {"compose", base64("no: services")}}.dump(),
        nlohmann::json{{"name", "app"}, {"compose", base64("{unclosed")}}.dump(),
        nlohmann::json{{"name", "app"}, {"compose", ""}}.dump(),
        nlohmann::json{{"name", "app"}, {"compose", good}, {"force", "yes"}}.dump()}) {
    SCOPED_TRACE(body.substr(0, 80));
    expect_error(post(body), 400);
  }
  for (const std::string name : {"", "..", "../up", "a/b", ".dot", "-dash", "a b", "umläut"}) {
    SCOPED_TRACE(name);
    expect_error(post(nlohmann::json{{"name", name}, {"compose", good}}.dump()), 400);
  }
  expect_error(post(nlohmann::json{{"name", std::string(64, 'a')}, {"compose", good}}.dump()), 400);
  EXPECT_EQ(spillway().admin().get("/api/apps/app").status, 404U) << "nothing of it was kept";
}

TEST_F(hostile_input, a_body_that_is_too_big_is_413_whether_announced_or_not) {
  const auto announced = admin_sends("POST /api/apps/deploy", "Content-Length: 99999999999\r\n");
  expect_error(announced, 413);
  const std::string megabyte = "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
  std::string chunked = "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i) chunked += megabyte;
  expect_error(admin_sends("POST /api/apps/deploy", chunked + "0\r\n\r\n"), 413);
}

TEST_F(hostile_input, a_frame_without_a_mask_breaks_the_protocol) {
  const auto stream = quiet_stream();
  stream->send_raw("\x81\x05hello");
  expect_ending(*stream, 1002, "protocol error");
}

TEST_F(hostile_input, a_reserved_bit_or_opcode_breaks_the_protocol) {
  using namespace std::string_literals;
  for (const auto& bytes : {"\xc1\x80\x00\x00\x00\x00"s, "\x83\x80\x00\x00\x00\x00"s,
                            "\x09\x80\x00\x00\x00\x00"s, "\x80\x80\x00\x00\x00\x00"s}) {
    const auto stream = quiet_stream();
    stream->send_raw(bytes);
    expect_ending(*stream, 1002, "protocol error");
  }
}

TEST_F(hostile_input, text_that_is_not_utf8_is_1007) {
  const auto stream = quiet_stream();
  stream->send_text("broken \xff\xfe text");
  expect_ending(*stream, 1007, "message is not UTF-8");
}

TEST_F(hostile_input, a_message_over_16_kib_is_1009) {
  const auto stream = quiet_stream();
  stream->send_text(std::string(20 << 10, 'x'));
  expect_ending(*stream, 1009, "message too big");
}

TEST_F(hostile_input, what_a_client_may_send_is_read_and_ignored) {
  const auto stream = quiet_stream();
  for (int i = 0; i < 50; ++i) stream->send_raw({"\x81\x82\x00\x00\x00\x00hi", 8});
  stream->send_raw({"\x82\xfe\x10\x00\x00\x00\x00\x00", 8});
  stream->send_raw(std::string(4096, '\xff'));
  stream->ping();
  EXPECT_TRUE(stream->wait_for_pong());
  EXPECT_TRUE(stream->open());
  stream->close();
  const auto end = stream->wait_closed();
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->close_frame) << "a client's close is answered";
  EXPECT_EQ(end->code, 1000U);
}

}  // namespace
}  // namespace spillway::system_test
