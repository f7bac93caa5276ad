// What is refused by the form of a request's header, before its body is read.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

class a_request_by_its_form : public ::testing::Test {
 protected:
  /// Expects one answer of `status` to it, whatever follows it, and the end of the connection.
  http_answer expect_only(int status, const std::string& request) {
    raw_client client(server.port());
    client.send(request);
    auto first = client.read_answer();
    EXPECT_EQ(first.status, status) << request;
    client.finish_sending();
    EXPECT_EQ(client.read_answer().status, 0) << "a second answer to " << request;
    return first;
  }

  test_server server;
};

TEST_F(a_request_by_its_form, has_a_body_that_is_never_taken_as_another_request) {
  const auto smuggled = plain_request("GET", "/api/health");
  const auto length = "Content-Length: " + std::to_string(smuggled.size()) + "\r\n";
  for (const auto& fields :
       {std::string("Transfer-Encoding: gzip\r\n"),
        std::string("Transfer-Encoding: chunked, identity\r\n"),
        std::string("Transfer-Encoding: identity\r\n"),
        std::string("Transfer-Encoding: gzip, chunked\r\n"),
        std::string("Transfer-Encoding: chunked, chunked\r\n"),
        std::string("Transfer-Encoding: \"chunked\"\r\n"), std::string("Transfer-Encoding:\r\n"),
        std::string("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        std::string("Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n"),
        "Transfer-Encoding: x\r\n" + length, length + "Transfer-Encoding: x\r\n",
        length + "Transfer-Encoding: chunked\r\n"}) {
    const auto head = plain_request("POST", "/api/auth/logout", fields);
    expect_only(400, head + smuggled);
    // Also where what follows is well-formed as chunks.
    expect_only(400, head + "0\r\n\r\n" + smuggled);
  }
}

TEST_F(a_request_by_its_form, of_http_1_0_has_no_chunks) {
  expect_only(400,
              "POST /api/auth/logout HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
                  plain_request("GET", "/api/health"));
}

TEST_F(a_request_by_its_form, may_be_chunked_whatever_the_case) {
  raw_client client(server.port());
  for (auto coding : {"chunked", "CHUNKED", " Chunked \t"}) {
    client.send(plain_request("POST", "/api/auth/logout",
                              "Transfer-Encoding: " + std::string(coding) + "\r\n") +
                "0\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 200) << coding;
  }
}

TEST_F(a_request_by_its_form, names_its_host_from_http_1_1_on) {
  for (auto target : {"/api/health", "/api/apps/shop/logs", "/nowhere"}) {
    auto answer = expect_only(400, "GET " + std::string(target) + " HTTP/1.1\r\n\r\n");
    EXPECT_EQ(answer.body, R"({"error":"the field Host is missing"})");
  }
  EXPECT_EQ(ask(server.port(), "GET /api/health HTTP/1.0\r\n\r\n").status, 200);
}

TEST_F(a_request_by_its_form, has_a_path_as_its_target) {
  for (auto target :
       {"api/health", "http://spillway.test/api/health", "*", "spillway.test:80", "?x=/api/health",
        "api/apps/shop/logs", "http://spillway.test/api/apps/shop/logs"}) {
    for (const auto& request : {plain_request("GET", target, bearer("admin")),
                                upgrade_request(target, bearer("admin"))}) {
      EXPECT_EQ(expect_only(400, request).body, R"({"error":"the request target must be a path"})");
    }
  }
  EXPECT_EQ(server.gateway.opened(), 0u);
}

TEST_F(a_request_by_its_form, does_not_say_two_things_about_its_upgrade) {
  const std::string_view target = "/api/apps/shop/logs";
  for (auto more :
       {"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "Sec-WebSocket-Version: 8\r\n"}) {
    EXPECT_EQ(expect_only(400, upgrade_request(target, bearer("viewer") + more)).body,
              R"({"error":"two Sec-WebSocket fields of one name differ"})");
  }
  auto same = ask(server.port(),
                  upgrade_request(target, bearer("viewer") + "Sec-WebSocket-Version: 13\r\n"));
  EXPECT_EQ(same.status, 101);
}

TEST_F(a_request_by_its_form, gets_no_room_for_a_large_body_without_credentials) {
  for (const auto& fields :
       {std::string(), std::string("Cookie: theme=dark\r\n"),
        std::string("Cookie: session=a b\r\n"), std::string("Authorization: Basic eDp5\r\n"),
        std::string("Authorization: Bearer sd_short\r\n")}) {
    // Nothing of the body is sent, so that an answer is one to the header.
    expect_only(401, "POST /api/apps/deploy HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n" +
                         fields + "\r\n");
    expect_only(401, "POST /api/apps/deploy HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" +
                         fields + "\r\n");
  }
  expect_only(400, "POST /api/apps/deploy HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n" +
                       bearer("admin") + bearer("viewer") + "\r\n");
  EXPECT_EQ(server.users.asked, 0);
  for (const auto& fields : {bearer("admin"), std::string("Cookie: session=admin\r\n")}) {
    auto body = std::string(70'000, ' ');
    auto answer = ask(server.port(), plain_request("POST", "/api/apps/deploy", fields, body));
    EXPECT_EQ(answer.body, R"({"error":"the body is not JSON"})");
  }
}

/// Which nlohmann's parser takes for the end of the text.
TEST_F(a_request_by_its_form, has_no_zero_byte_in_its_body) {
  for (std::string body : {std::string("{}\0", 3), std::string("{}\0 and more", 12)}) {
    auto answer = ask(server.port(), plain_request("POST", "/api/auth/login", "", body));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, R"({"error":"the body is not JSON"})");
  }
}

TEST_F(a_request_by_its_form, is_not_nested_deeply) {
  auto nested = [](std::size_t depth) {
    return R"({"username":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  auto answer = server.send("POST", "/api/auth/login", "", nested(16));
  EXPECT_EQ(answer.body, R"({"error":"username must be a string"})");
  answer = server.send("POST", "/api/auth/login", "", nested(17));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"error":"the body is nested too deeply"})");
  answer = server.send("POST", "/api/apps/deploy", "admin", "{\"a\":" + std::string(400'000, '['));
  EXPECT_EQ(answer.body, R"({"error":"the body is nested too deeply"})");
  answer = server.send("POST", "/api/auth/login", "", std::string(60'000, '['));
  EXPECT_EQ(answer.body, R"({"error":"the body is nested too deeply"})");
}

TEST_F(a_request_by_its_form, is_not_looked_into_for_who_may_deploy_nothing) {
  for (auto caller : {"stranger", "viewer"}) {
    EXPECT_EQ(server.send("POST", "/api/apps/deploy", caller, "no JSON").status, 403) << caller;
  }
  for (auto caller : {"manager", "admin"}) {
    EXPECT_EQ(server.send("POST", "/api/apps/deploy", caller, "no JSON").status, 400) << caller;
  }
}

}  // namespace
}  // namespace spillway::net::testing
