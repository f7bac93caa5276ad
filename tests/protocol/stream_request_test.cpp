#include "protocol/stream_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

const timestamp now = *parse_rfc3339("2026-04-17T10:00:00Z");

std::optional<stream_request> parse(std::string_view target) {
  return parse_stream_target(target, now);
}

/// What a query for the logs of an app comes to; fails where the request is not for logs.
container_logs_request logs(std::string_view query) {
  auto request = parse("/api/apps/my-app/logs" + std::string{query});
  if (!request || !std::holds_alternative<container_logs_request>(request->what)) {
    ADD_FAILURE() << query << " is not a request for logs";
    return {};
  }
  return std::get<container_logs_request>(request->what);
}

/// The message for a bad query; empty where the query is fine.
std::string complaint(std::string_view query, std::string_view stream = "logs") {
  auto request = parse("/api/apps/my-app/" + std::string{stream} + std::string{query});
  if (!request) return "not a stream";
  EXPECT_EQ(request->app, slug::parse("my-app"));
  auto* invalid = std::get_if<invalid_request>(&request->what);
  return invalid ? invalid->message : "";
}

TEST(stream_request, knows_the_three_streams) {
  EXPECT_EQ(parse("/api/apps/my-app/deploy-logs"),
            (stream_request{slug::parse("my-app"), deploy_logs_request{}}));
  EXPECT_EQ(parse("/api/apps/my-app/logs"),
            (stream_request{slug::parse("my-app"), container_logs_request{}}));
  EXPECT_EQ(parse("/api/system/process-logs/stream"),
            (stream_request{std::nullopt, process_log_request{}}));
}

TEST(stream_request, is_nothing_for_another_path) {
  for (std::string_view target : {"",
                                  "/",
                                  "/api",
                                  "/api/apps",
                                  "/api/apps/my-app",
                                  "/api/apps/my-app/log",
                                  "/api/apps/my-app/Logs",
                                  "/api/apps/my-app/logs/",
                                  "/api/apps/my-app/logs/x",
                                  "/api/apps//logs",
                                  "//api/apps/my-app/logs",
                                  "/./api/apps/my-app/logs",
                                  "/api/./apps/my-app/logs",
                                  "/api/apps/x/../my-app/logs",
                                  "/x/api/apps/my-app/logs",
                                  "/api/system/process-logs",
                                  "/api/system/process-logs/stream/",
                                  "/api/apps/a/process-logs",
                                  "api/apps/my-app/logs",
                                  "http://host/api/apps/my-app/logs",
                                  "*",
                                  "host:80"}) {
    EXPECT_FALSE(parse(target)) << target;
  }
}

TEST(stream_request, is_nothing_for_a_target_that_is_not_one) {
  using namespace std::string_view_literals;
  for (std::string_view target :
       {"/api/apps/my-app/logs?tail=%zz"sv, "/api/apps/my-app/logs?tail=%4"sv, "/api/apps/%/logs"sv,
        "/api/apps/my-app/logs#top"sv, "/api/apps/my app/logs"sv,
        "/api/apps/my-app/logs?tail=1\n"sv, "/api/apps/a\0b/logs"sv, "/api/apps/caf\xC3\xA9/logs"sv,
        "/api/apps/my-app/logs?service=\xFF"sv}) {
    EXPECT_FALSE(parse(target)) << target;
  }
}

TEST(stream_request, is_nothing_for_a_slug_that_cannot_be_one) {
  for (std::string_view name : {"..", ".", "%2e%2e", "%2E%2e", "%2e", "a%2fb", "..%2f..%2fetc",
                                "a%5cb", "a%00", "%00", "%20", "-a", "a%0a", "%ff", "a+b"}) {
    for (std::string_view stream : {"logs", "deploy-logs", "logs?tail=x"}) {
      std::string target = "/api/apps/" + std::string{name} + "/" + std::string{stream};
      EXPECT_FALSE(parse(target)) << target;
    }
  }
}

TEST(stream_request, is_nothing_for_a_slug_of_10_kilobytes) {
  EXPECT_FALSE(parse("/api/apps/" + std::string(10'000, 'a') + "/logs"));
  EXPECT_FALSE(parse("/api/apps/" + std::string(64, 'a') + "/logs"));
  EXPECT_TRUE(parse("/api/apps/" + std::string(63, 'a') + "/logs"));
  EXPECT_FALSE(parse("/" + std::string(10'000, '/') + "/logs"));
}

TEST(stream_request, decodes_percent_encoding) {
  EXPECT_EQ(parse("/api/apps/m%79-%61pp/%6cogs?%74ail=%35&service=a%2Db"),
            parse("/api/apps/my-app/logs?tail=5&service=a-b"));
  std::string encoded;
  for (int i = 0; i < 63; ++i) encoded += "%61";
  EXPECT_EQ(parse("/api/apps/" + encoded + "/logs")->app, slug::parse(std::string(63, 'a')));
}

TEST(stream_request, for_logs_has_the_defaults_of_the_reference) {
  container_logs_request request = logs("");
  EXPECT_EQ(request.service, "web");
  EXPECT_EQ(request.tail, 100u);
  EXPECT_TRUE(request.follow);
  EXPECT_FALSE(request.since);
  EXPECT_FALSE(request.until);
  EXPECT_FALSE(request.replica);
}

TEST(stream_request, takes_the_default_for_an_empty_parameter) {
  EXPECT_EQ(logs("?service=&tail=&follow=&since=&until=&replica="), container_logs_request{});
  EXPECT_EQ(logs("?service&tail&follow"), container_logs_request{});
  EXPECT_EQ(parse("/api/apps/my-app/deploy-logs?deploy="), parse("/api/apps/my-app/deploy-logs"));
}

TEST(stream_request, ignores_unknown_parameters_and_all_but_the_first_of_the_same) {
  EXPECT_EQ(logs("?x=1&Tail=7&&=&tail=5&tail=oops").tail, 5u);
  EXPECT_EQ(logs("?tail=&tail=5").tail, 100u);
  EXPECT_EQ(parse("/api/system/process-logs/stream?tail=oops"),
            parse("/api/system/process-logs/stream"));
}

TEST(stream_request, reads_service) {
  EXPECT_EQ(logs("?service=api").service, "api");
  EXPECT_EQ(logs("?service=" + std::string(255, 's')).service, std::string(255, 's'));
  EXPECT_THAT(complaint("?service=a%2fb"),
              StartsWith("invalid service: \"a/b\" is not a service name"));
  EXPECT_THAT(complaint("?service=" + std::string(256, 's')), StartsWith("invalid service: "));
  EXPECT_THAT(complaint("?service=-x"), StartsWith("invalid service: "));
  EXPECT_THAT(complaint("?service=..%2f..%2fetc"), StartsWith("invalid service: "));
}

TEST(stream_request, reads_tail) {
  EXPECT_EQ(logs("?tail=0").tail, 0u);
  EXPECT_EQ(logs("?tail=007").tail, 7u);
  EXPECT_EQ(logs("?tail=1000000000").tail, 1'000'000'000u);
  EXPECT_EQ(logs("?tail=all").tail, std::nullopt);
  EXPECT_EQ(complaint("?tail=abc"), "invalid tail: \"abc\" is not a number or \"all\"");
  EXPECT_EQ(complaint("?tail=1000000001"), "invalid tail: \"1000000001\" is more than 1000000000");
  EXPECT_EQ(complaint("?tail=99999999999999999999"),
            "invalid tail: \"99999999999999999999\" is more than 1000000000");
  for (std::string_view bad : {"-1", "%2B1", "+1", "1.5", "1e3", "0x10", "ALL", "10%20", "%00"}) {
    EXPECT_THAT(complaint("?tail=" + std::string{bad}), StartsWith("invalid tail: ")) << bad;
  }
}

TEST(stream_request, reads_follow) {
  EXPECT_TRUE(logs("?follow=true").follow);
  EXPECT_TRUE(logs("?follow=1").follow);
  EXPECT_FALSE(logs("?follow=false").follow);
  EXPECT_FALSE(logs("?follow=0").follow);
  EXPECT_EQ(complaint("?follow=maybe"), "invalid follow: \"maybe\" is not \"true\" or \"false\"");
}

TEST(stream_request, reads_since_and_until_as_rfc_3339) {
  EXPECT_EQ(logs("?since=2026-04-17T09:00:00Z").since, now - 1h);
  EXPECT_EQ(logs("?until=2026-04-17T12:00:00.5%2B02:00").until, now + 500ms);
}

TEST(stream_request, reads_an_offset_whose_plus_is_not_escaped) {
  EXPECT_EQ(logs("?since=2026-04-17T12:00:00+02:00").since, now);
}

TEST(stream_request, reads_since_and_until_as_unix_seconds) {
  EXPECT_EQ(logs("?since=0").since, timestamp{});
  EXPECT_EQ(logs("?since=1776420000").since, now);
  EXPECT_EQ(logs("?since=1776420000.5").since, now + 500ms);
  EXPECT_EQ(logs("?until=1776420000.000000001").until, now + 1ns);
  for (std::string_view bad :
       {"1776420000.", ".5", "1.1234567890", "1.-5", "-1", "1.5.5", "9999999999999"}) {
    EXPECT_THAT(complaint("?since=" + std::string{bad}), StartsWith("invalid since: ")) << bad;
  }
}

TEST(stream_request, reads_since_and_until_as_durations_back_from_now) {
  EXPECT_EQ(logs("?since=10m").since, now - 10min);
  EXPECT_EQ(logs("?since=1h30m&until=500ms").since, now - 90min);
  EXPECT_EQ(logs("?since=1h30m&until=500ms").until, now - 500ms);
  EXPECT_EQ(complaint("?since=soon"),
            "invalid since: \"soon\" is not an RFC 3339 time, Unix seconds or a duration like "
            "\"10m\"");
  EXPECT_THAT(complaint("?until=later"), StartsWith("invalid until: \"later\" is not"));
}

TEST(stream_request, counts_no_duration_back_past_the_beginning_of_time) {
  timestamp early = *parse_rfc3339("1700-01-01T00:00:00Z");
  auto request = parse_stream_target("/api/apps/a/logs?since=100000d", early);
  ASSERT_TRUE(request);
  EXPECT_TRUE(std::holds_alternative<invalid_request>(request->what));
}

TEST(stream_request, refuses_an_end_before_the_beginning) {
  EXPECT_EQ(complaint("?since=10m&until=20m"), "invalid until: \"20m\" is before \"since\"");
  EXPECT_EQ(logs("?since=10m&until=10m").until, now - 10min);
}

TEST(stream_request, reads_replica) {
  EXPECT_EQ(logs("?replica=1").replica, 1u);
  EXPECT_EQ(logs("?replica=4294967295").replica, 4294967295u);
  for (std::string_view bad : {"0", "-1", "4294967296", "one"}) {
    EXPECT_THAT(complaint("?replica=" + std::string{bad}), StartsWith("invalid replica: ")) << bad;
  }
}

TEST(stream_request, reads_a_deploy_id) {
  auto request = parse("/api/apps/my-app/deploy-logs?deploy=01J_a-Z");
  EXPECT_EQ(request, (stream_request{slug::parse("my-app"), deploy_logs_request{"01J_a-Z"}}));
  EXPECT_EQ(complaint("?deploy=" + std::string(64, 'a'), "deploy-logs"), "");
  EXPECT_THAT(complaint("?deploy=" + std::string(65, 'a'), "deploy-logs"),
              StartsWith("invalid deploy: "));
  for (std::string_view bad : {"..", "a%2fb", "a%00", "a.b", "%ff"}) {
    EXPECT_THAT(complaint("?deploy=" + std::string{bad}, "deploy-logs"),
                StartsWith("invalid deploy: "))
        << bad;
  }
}

TEST(stream_request, complains_about_one_parameter_at_a_time) {
  EXPECT_THAT(complaint("?replica=x&tail=x&service=%2f"), StartsWith("invalid service: "));
  EXPECT_THAT(complaint("?replica=x&tail=x"), StartsWith("invalid tail: "));
}

TEST(stream_request, quotes_bad_values_short_and_as_utf8) {
  std::string message = complaint("?tail=" + std::string(5'000, 'x'));
  EXPECT_LT(message.size(), 200u);
  EXPECT_THAT(message, HasSubstr("xxx…\" is not"));
  EXPECT_EQ(complaint("?tail=%ff"), "invalid tail: \"\xEF\xBF\xBD\" is not a number or \"all\"");
  std::string euros;
  for (int i = 0; i < 50; ++i) euros += "%e2%82%ac";
  EXPECT_THAT(complaint("?tail=" + euros), HasSubstr("€…\""));
}

TEST(stream_request, never_fails_in_another_way_however_broken_the_target) {
  const std::string whole =
      "/api/apps/my-app/logs?service=a%2Fb&tail=10&since=1h30m&until=2026-04-17T";
  std::mt19937 random{6};
  for (int round = 0; round < 20'000; ++round) {
    std::string target = whole.substr(0, random() % (whole.size() + 1));
    for (auto changes = random() % 4; changes > 0 && !target.empty(); --changes) {
      target[random() % target.size()] = static_cast<char>(random() % 256);
    }
    auto request = parse(target);
    if (!request) continue;
    auto* invalid = std::get_if<invalid_request>(&request->what);
    if (invalid) {
      EXPECT_TRUE(is_valid_utf8(invalid->message)) << target;
      EXPECT_THAT(invalid->message, StartsWith("invalid "));
    }
  }
}

}  // namespace
}  // namespace spillway::protocol
