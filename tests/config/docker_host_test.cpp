#include "config/docker_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::config {
namespace {

using testing::HasSubstr;

environment_lookup with_docker_host(const char* value) {
  return [value](const char* name) {
    return std::string_view{name} == "DOCKER_HOST" ? value : nullptr;
  };
}

TEST(docker_host, is_a_socket_or_an_address) {
  EXPECT_EQ(parse_docker_host("unix:///run/docker.sock"), "unix:///run/docker.sock");
  EXPECT_EQ(parse_docker_host("tcp://10.0.0.1:2375"), "tcp://10.0.0.1:2375");
  EXPECT_EQ(parse_docker_host("tcp://[::1]:2375/"), "tcp://[::1]:2375");
}

TEST(docker_host, says_what_is_wrong_with_one) {
  struct example {
    std::string text, complaint;
  };
  for (const auto& [text, complaint] :
       {example{"ssh://me@host", "only unix:///PATH and tcp://HOST:PORT"},
        example{"", "only unix:///PATH"}, example{"/run/docker.sock", "only unix:///PATH"},
        example{"unix://run/docker.sock", "not absolute"}, example{"unix:///", "not absolute"},
        example{"unix:///" + std::string(107, 'x'), "at most 107 bytes"},
        example{"tcp://host", "no port"}, example{"tcp://host:0", "port 0"},
        example{"tcp://host:2375/v1", "port is not a number"}}) {
    auto parsed = parse_docker_host(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error(), HasSubstr(complaint)) << text;
  }
}

TEST(environment, gives_the_docker_host_where_nothing_else_does) {
  settings values;
  EXPECT_TRUE(apply_environment(values, false, with_docker_host("tcp://10.0.0.1:2375")));
  EXPECT_EQ(values.docker.host, "tcp://10.0.0.1:2375");
}

TEST(environment, gives_way_to_a_docker_host_that_was_set) {
  settings values;
  values.docker.host = "unix:///mine.sock";
  EXPECT_TRUE(apply_environment(values, true, with_docker_host("tcp://10.0.0.1:2375")));
  EXPECT_EQ(values.docker.host, "unix:///mine.sock");
  EXPECT_TRUE(apply_environment(values, true, with_docker_host("ssh://host")))
      << "what does not count needs not be right";
}

TEST(environment, without_docker_host_leaves_the_default) {
  for (const char* value : {static_cast<const char*>(nullptr), ""}) {
    settings values;
    EXPECT_TRUE(apply_environment(values, false, with_docker_host(value)));
    EXPECT_EQ(values.docker.host, settings{}.docker.host);
  }
}

TEST(environment, with_a_docker_host_that_cannot_be_used_is_an_error) {
  settings values;
  auto applied = apply_environment(values, false, with_docker_host("ssh://me@host"));
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error(),
            "DOCKER_HOST=ssh://me@host cannot be used: only unix:///PATH and tcp://HOST:PORT are "
            "supported; change it or set docker.host");
}

}  // namespace
}  // namespace spillway::config
