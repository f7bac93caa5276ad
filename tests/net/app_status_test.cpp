#include "net/routes/app_status.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

actors::container_info container(std::string project, std::string service, std::string state,
                                 std::string health = {}) {
  return {"id", std::move(project), std::move(service), 1, std::move(state), std::move(health)};
}

TEST(app_status, says_how_many_of_the_apps_own_containers_run) {
  EXPECT_EQ(app_status({}, "p"), "stopped");
  EXPECT_EQ(app_status({container("p", "web", "running")}, "p"), "running");
  EXPECT_EQ(app_status({container("p", "web", "running"), container("q", "db", "exited")}, "p"),
            "running");
  EXPECT_EQ(app_status({container("p", "web", "running"), container("p", "db", "restarting")}, "p"),
            "partial");
  EXPECT_EQ(app_status({container("p", "web", "exited")}, "p"), "stopped");
}

TEST(service_list, sums_up_the_replicas_of_each_service) {
  auto list =
      service_list({container("p", "web", "running", "healthy"), container("p", "db", "running"),
                    container("p", "web", "running", "unhealthy"), container("p", "job", "running"),
                    container("p", "job", "exited")});
  EXPECT_EQ(list.dump(),
            R"([{"service":"db","state":"running","health":"","replicas":1},)"
            R"({"service":"job","state":"partial","health":"","replicas":2},)"
            R"({"service":"web","state":"running","health":"unhealthy","replicas":2}])");
}

}  // namespace
}  // namespace spillway::net
