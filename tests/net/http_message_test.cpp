#include "net/http_message.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace spillway::net {
namespace {

http_request with(std::vector<std::string> authorization, std::vector<std::string> cookie) {
  http_request request;
  request.authorization = std::move(authorization);
  request.cookie = std::move(cookie);
  return request;
}

TEST(credentials_of_a_request, are_the_bearer_token_and_the_session_cookie) {
  const auto token = "sd_" + std::string(43, 'x');
  auto read = read_credentials(with({"bearer  " + token + " "}, {"a=b; session=xyz;c=d"}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bearer_token, token);
  EXPECT_EQ(read->session_cookie, "xyz");
}

TEST(credentials_of_a_request, are_bad_rather_than_none_with_another_scheme) {
  for (auto field : {"Basic abc", "Bearer", "Bearer ", "sd_1", ""}) {
    auto read = read_credentials(with({field}, {}));
    ASSERT_TRUE(read) << field;
    EXPECT_FALSE(read->bearer_token.empty()) << field;
    EXPECT_NE(read->bearer_token, "sd_1") << field;
  }
}

TEST(credentials_of_a_request, must_not_contradict_each_other) {
  EXPECT_EQ(read_credentials(with({"Bearer a", "Bearer b"}, {})).error().status, 400u);
  EXPECT_EQ(read_credentials(with({}, {"session=a", "session=b"})).error().status, 400u);
  EXPECT_EQ(read_credentials(with({}, {"session=a; session=b"})).error().status, 400u);
  EXPECT_TRUE(read_credentials(with({"Bearer a", "Bearer a"}, {"session=a", "session=a"})));
}

TEST(credentials_of_a_request, come_from_the_cookie_of_exactly_that_name) {
  EXPECT_EQ(read_credentials(with({}, {"xsession=a; session_=b; session"}))->session_cookie, "");
}

TEST(query_parameter, is_found_whole_and_first) {
  EXPECT_EQ(query_parameter("a=1&limit=5&limit=6", "limit"), "5");
  EXPECT_EQ(query_parameter("xlimit=5&limits=6&limit", "limit"), "");
  EXPECT_EQ(query_parameter("", "limit"), "");
}

TEST(error_reply, is_one_sentence_in_json_with_the_fields_of_its_status) {
  auto made = error_reply(429, "too \xff much");
  EXPECT_EQ(made.body, "{\"error\":\"too \xef\xbf\xbd much\"}");
  EXPECT_EQ(made.headers, (decltype(made.headers){{"Retry-After", "5"}}));
  EXPECT_EQ(error_reply(not_found()).body, "{\"error\":\"not found\"}");
}

}  // namespace
}  // namespace spillway::net
