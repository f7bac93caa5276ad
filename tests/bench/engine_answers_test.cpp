#include "bench/engine_answers.hpp"

#include <gtest/gtest.h>

#include "actors/ports/container_engine.hpp"
#include "host/docker_answers.hpp"
#include "host/docker_requests.hpp"

namespace spillway::bench {
namespace {

const std::vector<fed_container> containers{make_container(0, "bench-a"),
                                            make_container(1, "bench-b")};

engine_answer ask(const std::string& target) {
  return answer_request("/v1.41" + target, containers);
}

TEST(EngineAnswers, name_a_version_that_the_server_speaks) {
  const auto prefix = host::parse_version_prefix(answer_request("/version", containers).body);
  ASSERT_TRUE(prefix);
  EXPECT_EQ(*prefix, "/v1.41");
}

TEST(EngineAnswers, list_the_running_container_of_the_project_asked_for) {
  const auto found = host::parse_container_list(ask(host::list_target("bench-b")).body);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().id, containers[1].id);
  EXPECT_EQ(found->front().project, "bench-b");
  EXPECT_EQ(found->front().service, "web");
  EXPECT_EQ(found->front().state, "running");
}

TEST(EngineAnswers, list_every_container_where_no_project_is_asked_for) {
  const auto found = host::parse_container_list(ask(host::list_target("")).body);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 2U);
}

TEST(EngineAnswers, describe_a_container_that_runs_without_a_terminal) {
  const auto details =
      host::parse_container_details(ask(host::inspect_target(containers[0].id)).body);
  ASSERT_TRUE(details);
  EXPECT_FALSE(details->tty);
  EXPECT_TRUE(details->running);
}

TEST(EngineAnswers, tell_a_followed_log_from_history) {
  actors::log_query query;
  query.tail = 1;
  query.follow = true;
  const auto followed = ask(host::logs_target(containers[1].id, query));
  EXPECT_EQ(followed.log, 1U);
  EXPECT_TRUE(followed.follow);
  query.follow = false;
  EXPECT_FALSE(ask(host::logs_target(containers[1].id, query)).follow);
}

TEST(EngineAnswers, know_no_other_container) {
  EXPECT_EQ(ask(host::inspect_target("abc")).status, 404);
}

}  // namespace
}  // namespace spillway::bench
