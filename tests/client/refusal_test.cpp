#include "client/refusal.hpp"

#include <gtest/gtest.h>

namespace spillway::client {
namespace {

using namespace std::chrono_literals;

failure of_status(unsigned status, std::string_view body = R"({"error": "no"})") {
  return refused({status, body, "7"}, "shop");
}

TEST(refusal, what_will_be_answered_the_same_is_not_tried_again) {
  for (const unsigned status : {400U, 401U, 403U, 404U, 426U})
    EXPECT_EQ(of_status(status).again, retry::never) << status;
}

TEST(refusal, a_limit_is_tried_again_when_the_server_says) {
  for (const unsigned status : {429U, 503U}) {
    EXPECT_EQ(of_status(status).again, retry::always) << status;
    EXPECT_EQ(of_status(status).retry_after, 7s) << status;
  }
  EXPECT_EQ(refused({503, "", "Fri, 31 Dec 1999 23:59:59 GMT"}, "").retry_after, std::nullopt);
}

TEST(refusal, what_a_proxy_says_while_the_server_restarts_is_tried_again_later) {
  EXPECT_EQ(of_status(502).again, retry::once_connected);
}

TEST(refusal, sentences_say_what_to_do) {
  EXPECT_EQ(of_status(404).sentence, "no app shop, or it is not granted to this token's user");
  EXPECT_NE(of_status(401).sentence.find("`spillway token create`"), std::string::npos);
  EXPECT_NE(of_status(400, R"({"error":"this port speaks TLS: use https://"})")
                .sentence.find("write https://"),
            std::string::npos);
  EXPECT_NE(refused({302, "", "", "https://other"}, "").sentence.find("https://other"),
            std::string::npos);
}

TEST(refusal, of_another_kind_of_server_is_no_unknown_app) {
  EXPECT_EQ(of_status(404, "<html>").sentence,
            "the server answered 404 without a reason: is it a Spillway server?");
  EXPECT_EQ(of_status(501, "").sentence, "the server answered 501");
}

TEST(refusal, what_the_server_says_is_made_safe) {
  EXPECT_EQ(of_status(500, R"({"error": "\u001b[2Jbad"})").sentence, "bad (500)");
}

TEST(refusal, the_two_conflicts_of_a_deploy_are_told_apart) {
  const http_refusal exists{409, R"({"error": "this app exists; set force to deploy it again"})"};
  const http_refusal runs{409, R"({"error": "a deploy of this app is under way"})"};
  EXPECT_NE(deploy_refused(exists, "shop", false).sentence.find("--force"), std::string::npos);
  EXPECT_NE(deploy_refused(runs, "shop", false).sentence.find("`spillway watch shop`"),
            std::string::npos);
  EXPECT_NE(deploy_refused(runs, "shop", true).sentence.find("`spillway watch shop`"),
            std::string::npos);
}

}  // namespace
}  // namespace spillway::client
