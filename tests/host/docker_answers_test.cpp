#include "host/docker_answers.hpp"

#include <gtest/gtest.h>

#include "host/docker_requests.hpp"
#include "protocol/utf8.hpp"

namespace spillway::host {
namespace {

using actors::engine_errc;

TEST(docker_answers, choose_the_newest_version_that_both_sides_know) {
  auto prefix = [](const char* body) { return parse_version_prefix(body).value_or("none"); };
  EXPECT_EQ(prefix(R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})"), "/v1.41");
  EXPECT_EQ(prefix(R"({"ApiVersion":"1.50"})"), "/v1.43");
  EXPECT_EQ(prefix(R"({"ApiVersion":"1.9"})"), "/v1.9");
  EXPECT_EQ(prefix(R"({"ApiVersion":"1.52","MinAPIVersion":"1.44"})"), "/v1.44");
  EXPECT_EQ(prefix(R"({"ApiVersion":"1"})"), "none");
  EXPECT_EQ(prefix(R"({"ApiVersion":"1.x/../"})"), "none");
  EXPECT_EQ(prefix(R"({"ApiVersion":1.41})"), "none");
  EXPECT_EQ(prefix("[]"), "none");
}

TEST(docker_answers, list_the_containers_of_services_with_their_health) {
  auto list = parse_container_list(R"json([
    {"Id":"aa","State":"running","Status":"Up 5 minutes (healthy)","Labels":{
      "com.docker.compose.project":"p","com.docker.compose.service":"web",
      "com.docker.compose.container-number":"3","com.docker.compose.oneoff":"False"}},
    {"Id":"bb","State":"running","Status":"Up 1 second (health: starting)","Labels":{
      "com.docker.compose.project":"p","com.docker.compose.service":"db"}},
    {"Id":"cc","State":"running","Status":"Up 1 second (unhealthy)","Labels":{
      "com.docker.compose.project":"p","com.docker.compose.service":"db",
      "com.docker.compose.container-number":"many"}},
    {"Id":"dd","State":"exited","Status":"Exited (0)","Labels":{
      "com.docker.compose.project":"p","com.docker.compose.service":"web",
      "com.docker.compose.oneoff":"True"}},
    {"Id":"ee","State":"exited","Labels":null},
    {"Id":"ff","State":"exited","Labels":{}}])json");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ((*list)[0].id, "aa");
  EXPECT_EQ((*list)[0].project, "p");
  EXPECT_EQ((*list)[0].service, "web");
  EXPECT_EQ((*list)[0].replica, 3u);
  EXPECT_EQ((*list)[0].state, "running");
  EXPECT_EQ((*list)[0].health, "healthy");
  EXPECT_EQ((*list)[1].replica, 1u);
  EXPECT_EQ((*list)[1].health, "starting");
  EXPECT_EQ((*list)[2].replica, 1u);
  EXPECT_EQ((*list)[2].health, "unhealthy");
}

TEST(docker_answers, cut_the_engines_words_between_characters) {
  std::string words;
  for (int i = 0; i < 67; ++i) words += "\xE2\x82\xAC";  // 201 bytes
  auto error = refused_request(500, "{\"message\":\"" + words + "\"}");
  EXPECT_EQ(error.code, engine_errc::refused);
  EXPECT_EQ(error.message, "docker refused: " + words.substr(0, 198));
  EXPECT_EQ(refused_request(500, "<html>").message, "docker refused with status 500");
  EXPECT_EQ(refused_request(500, R"({"message":5})").message, "docker refused with status 500");
}

TEST(docker_answers, take_a_container_that_is_being_removed_as_gone) {
  auto error = refused_request(
      409, R"({"message":"can not get logs from container which is dead or marked for removal"})");
  EXPECT_EQ(error.code, engine_errc::not_found);
  EXPECT_EQ(error.message, "container not found");
}

TEST(docker_answers, keep_what_tells_of_the_host_from_viewers) {
  for (const char* words : {"open /var/lib/docker/containers/x: no such file",
                            "dial 10.0.0.7 failed", "no such id 0123456789ab"}) {
    auto error = refused_request(500, std::string("{\"message\":\"") + words + "\"}");
    EXPECT_EQ(error.message, "docker refused with status 500, see the process log");
  }
}

TEST(docker_answers, take_a_container_that_waits_for_its_restart_as_exited) {
  auto details = parse_container_details(
      R"({"Config":{"Tty":false},"State":{"Running":true,"Restarting":true,"StartedAt":"t"}})");
  ASSERT_TRUE(details);
  EXPECT_FALSE(details->running);
}

container_details run(const std::string& started, const std::string& finished) {
  auto details =
      parse_container_details(R"({"Config":{"Tty":false},"State":{"Running":true,"StartedAt":")" +
                              started + R"(","FinishedAt":")" + finished + "\"}}");
  EXPECT_TRUE(details);
  return details.value_or(container_details{});
}

TEST(docker_answers, tell_one_run_of_a_container_from_the_next) {
  const std::string began = "2026-11-26T10:00:00Z";
  const std::string exited = "2026-11-26T10:00:10.1Z";
  const auto over = ended_run_of(began, run(began, exited));
  ASSERT_TRUE(over);
  EXPECT_EQ(over->exited_at, protocol::parse_rfc3339(exited));
  // Not started again.
  EXPECT_FALSE(next_run_after(*over, run(began, exited)));
  // Half way between the two.
  EXPECT_EQ(next_run_after(*over, run("2026-11-26T10:00:10.5Z", exited)),
            protocol::parse_rfc3339("2026-11-26T10:00:10.3Z"));
  // And ended again.
  EXPECT_EQ(next_run_after(*over, run("2026-11-26T10:00:15Z", "2026-11-26T10:00:14Z")),
            over->exited_at);
}

TEST(docker_answers, know_no_next_run_where_a_run_was_over_before_the_engine_said_that_it_began) {
  const std::string began = "2026-11-26T10:00:00.003Z";
  const auto over = ended_run_of(began, run(began, "2026-11-26T10:00:00.001Z"));
  ASSERT_TRUE(over);
  EXPECT_FALSE(next_run_after(*over, run(began, "2026-11-26T10:00:00.001Z")));
}

TEST(docker_answers, know_no_ended_run_without_its_times) {
  const std::string began = "2026-11-26T10:00:00Z";
  EXPECT_FALSE(ended_run_of(began, run(began, "0001-01-01T00:00:00Z")));
  EXPECT_FALSE(ended_run_of(began, run(began, "soon")));
  EXPECT_FALSE(ended_run_of("t1", run(began, began)));
}

TEST(docker_requests, take_only_hexadecimal_ids) {
  EXPECT_TRUE(is_container_id("0123456789abcdef"));
  EXPECT_TRUE(is_container_id(std::string(64, 'f')));
  for (const char* id : {"", "..", "abc/json", "ABC", "abc?x", "abc%2f", "web"}) {
    EXPECT_FALSE(is_container_id(id)) << id;
  }
  EXPECT_FALSE(is_container_id(std::string(65, 'f')));
}

TEST(docker_requests, encode_whatever_a_project_is_called) {
  EXPECT_EQ(
      list_target(""),
      "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.project%22%5D%7D");
  const std::string target = list_target("a\"&#\r\n\xFF z");
  EXPECT_EQ(target.find_first_of("\"#\r\n \xFF", target.find("filters")), std::string::npos);
  EXPECT_EQ(target.find('&', target.find("filters")), std::string::npos);
}

}  // namespace
}  // namespace spillway::host
