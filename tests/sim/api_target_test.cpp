#include "sim/host/api_target.hpp"

#include <gtest/gtest.h>

#include "sim/host/label_filter.hpp"
#include "sim/host/log_request.hpp"

namespace spillway::sim {
namespace {

using strings = std::vector<std::string>;

TEST(api_target, is_read_with_and_without_a_version) {
  for (const char* target :
       {"/containers/json?all=1", "/v1.41/containers/json?all=1", "/v1.12/containers/json?all=1"}) {
    const auto read = parse_api_target(target);
    ASSERT_TRUE(read) << target;
    EXPECT_EQ(read->path, (strings{"containers", "json"}));
    EXPECT_TRUE(read->flag("all"));
    EXPECT_FALSE(read->flag("size"));
  }
}

TEST(api_target, of_another_version_is_refused_in_dockers_words) {
  const auto newer = parse_api_target("/v1.42/version");
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().status, 400U);
  EXPECT_EQ(newer.error().message,
            "client version 1.42 is too new. Maximum supported API version is 1.41");
  EXPECT_FALSE(parse_api_target("/v1.11/version"));
}

TEST(api_target, has_flags_as_docker_reads_them) {
  const auto read = parse_api_target("/x?a=1&b=true&c=0&d=false&e=none&f=No&g=&h=yes&i");
  ASSERT_TRUE(read);
  for (const char* on : {"a", "b", "h"}) EXPECT_TRUE(read->flag(on)) << on;
  for (const char* off : {"c", "d", "e", "f", "g", "i", "z"}) EXPECT_FALSE(read->flag(off)) << off;
}

TEST(api_target, is_decoded) {
  const auto read = parse_api_target("/containers/a%20b/logs?since=1%2E5&x=a+b%26c");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->path, (strings{"containers", "a b", "logs"}));
  EXPECT_EQ(read->parameter("since"), "1.5");
  EXPECT_FALSE(parse_api_target("no path"));
}

api_result<log_request> logs(const std::string& query) {
  return parse_log_request(*parse_api_target("/containers/a/logs?" + query));
}

TEST(log_request, needs_a_stream) {
  ASSERT_FALSE(logs("follow=1"));
  EXPECT_EQ(logs("").error().message, "Bad parameters: you must choose at least one stream");
  EXPECT_TRUE(logs("stderr=1"));
}

TEST(log_request, takes_a_tail_that_is_no_number_for_all) {
  EXPECT_EQ(logs("stdout=1&tail=5")->tail, 5U);
  EXPECT_EQ(logs("stdout=1&tail=0")->tail, 0U);
  for (const char* all : {"", "&tail=all", "&tail=abc", "&tail=-1"}) {
    EXPECT_FALSE(logs(std::string("stdout=1") + all)->tail) << all;
  }
}

TEST(log_request, reads_times_to_the_nanosecond) {
  const auto nanoseconds = [](const std::optional<protocol::timestamp>& at) {
    return at ? at->time_since_epoch().count() : -1;
  };
  EXPECT_EQ(nanoseconds(logs("stdout=1&since=12.000000034")->since), 12'000'000'034);
  EXPECT_EQ(nanoseconds(logs("stdout=1&until=12.5")->until), 12'500'000'000);
  EXPECT_EQ(nanoseconds(logs("stdout=1&until=7")->until), 7'000'000'000);
  EXPECT_FALSE(logs("stdout=1&since=0")->since);
  const auto bad = logs("stdout=1&since=abc");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().status, 500U);
  EXPECT_EQ(bad.error().message, "strconv.ParseInt: parsing \"abc\": invalid syntax");
}

TEST(container_filter, wants_every_label) {
  const label_map labels{{"a", "1"}, {"b", "2"}};
  const auto matches = [&](const std::string& json) {
    return parse_container_filter(json)->matches("id", "name", "running", labels);
  };
  EXPECT_TRUE(matches(R"({"label":["a=1"]})"));
  EXPECT_TRUE(matches(R"({"label":["a","b=2"]})"));
  EXPECT_TRUE(matches(R"({"label":{"a=1":true}})"));
  EXPECT_FALSE(matches(R"({"label":["a=1","b=3"]})"));
  EXPECT_FALSE(matches(R"({"label":["c"]})"));
  EXPECT_TRUE(matches(R"({"name":["am"],"status":["exited","running"]})"));
  EXPECT_FALSE(matches(R"({"name":["x"]})"));
  EXPECT_FALSE(matches(R"({"id":["x"]})"));
  EXPECT_TRUE(matches(""));
}

TEST(container_filter, complains_as_docker_does) {
  EXPECT_EQ(parse_container_filter("abc").error().message,
            "invalid character 'a' looking for beginning of value");
  EXPECT_EQ(parse_container_filter("abc").error().status, 500U);
  EXPECT_EQ(parse_container_filter(R"({"foo":["x"]})").error().message, "Invalid filter 'foo'");
  EXPECT_EQ(parse_container_filter(R"({"foo":["x"]})").error().status, 400U);
}

}  // namespace
}  // namespace spillway::sim
