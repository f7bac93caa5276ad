// The dashboard's files.
#include <gtest/gtest.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

constexpr static_file files[] = {
    {"/", "text/html; charset=utf-8", "\"one\"", "<html>", "packed page", false},
    {"/assets/app-1.js", "text/javascript; charset=utf-8", "\"two\"", "run()", "packed app", true},
};

class the_dashboard : public ::testing::Test {
 protected:
  http_answer get(const std::string& path, const std::string& fields = {}) {
    return ask(server.port(), plain_request("GET", path, fields));
  }

  test_server server{
      {}, 512, 5s, transport::plain, [](dependencies& deps) { deps.dashboard = files; }};
};

TEST_F(the_dashboard, needs_no_credentials_and_is_asked_for_anew_each_time) {
  const auto page = get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<html>");
  EXPECT_EQ(page.fields.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.fields.at("cache-control"), "no-cache");
  EXPECT_EQ(page.fields.at("etag"), "\"one\"");
}

TEST_F(the_dashboard, may_load_from_here_alone_and_be_framed_by_nobody) {
  const auto policy = get("/").fields.at("content-security-policy");
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy.find("script-src 'self';"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(get("/").fields.at("x-content-type-options"), "nosniff");
}

TEST_F(the_dashboard, has_assets_that_are_kept_for_good) {
  const auto script = get("/assets/app-1.js");
  EXPECT_EQ(script.body, "run()");
  EXPECT_EQ(script.fields.at("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/assets/app-2.js").status, 404);
  EXPECT_EQ(get("/assets/").status, 404);
  EXPECT_EQ(get("/assets/../assets/app-1.js").status, 404);
}

TEST_F(the_dashboard, comes_packed_where_the_client_takes_that) {
  for (auto field : {"gzip", "deflate, gzip;q=0.5", "GZIP"}) {
    const auto page = get("/", "Accept-Encoding: " + std::string(field) + "\r\n");
    EXPECT_EQ(page.body, "packed page") << field;
    EXPECT_EQ(page.fields.at("content-encoding"), "gzip");
    EXPECT_EQ(page.fields.at("vary"), "Accept-Encoding");
  }
  for (auto field : {"br", "gzip;q=0", "gzip;q=0.000", "x-gzipped"}) {
    const auto page = get("/", "Accept-Encoding: " + std::string(field) + "\r\n");
    EXPECT_EQ(page.body, "<html>") << field;
    EXPECT_FALSE(page.fields.contains("content-encoding"));
  }
}

TEST_F(the_dashboard, is_not_sent_again_to_who_has_it) {
  for (auto field : {"\"one\"", "W/\"one\"", "\"other\" , \"one\"", "*"}) {
    raw_client client(server.port());
    client.send(plain_request("GET", "/", "If-None-Match: " + std::string(field) + "\r\n"));
    const auto answer = client.read_answer(true);
    EXPECT_EQ(answer.status, 304) << field;
    EXPECT_EQ(answer.fields.at("etag"), "\"one\"");
    EXPECT_FALSE(answer.fields.contains("content-length"));
    // Nothing of a body is on the connection.
    client.send(plain_request("GET", "/api/health"));
    EXPECT_EQ(client.read_answer().body, R"({"status":"ok"})");
  }
  EXPECT_EQ(get("/", "If-None-Match: \"other\"\r\n").status, 200);
}

TEST(a_server_without_dashboard, says_so_at_its_root) {
  test_server server;
  const auto page = server.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("without its dashboard"), std::string::npos);
  EXPECT_EQ(server.get("/assets/app-1.js").status, 404);
}

}  // namespace
}  // namespace spillway::net::testing
