#include "sim/host/compose_file.hpp"

#include <gtest/gtest.h>

#include "sim/host/image_registry.hpp"

namespace spillway::sim {
namespace {

using nlohmann::ordered_json;

compose_file read(const std::string& text, const variables& values = {}) {
  auto file = parse_compose_file(text, "f.yml", values);
  if (!file) throw std::runtime_error(file.error());
  return *file;
}

std::string complaint_about(const std::string& text, const variables& values = {}) {
  const auto file = parse_compose_file(text, "f.yml", values);
  return file ? "nothing" : file.error();
}

TEST(compose_file, becomes_what_makes_its_containers) {
  const auto file = read(R"(
version: "3.7"
services:
  web:
    image: busybox:1
    command: ["sh", "-c", "echo $$HOME"]
    tty: true
    stop_signal: SIGKILL
    stop_grace_period: 2s
    network_mode: none
    environment: {A: "1", B: two}
    healthcheck: {test: [CMD, test, -e, /well], interval: 1s, retries: 2}
    ports: ["8080:80", "127.0.0.1:53:53/udp"]
)");
  ASSERT_EQ(file.services.size(), 1U);
  const auto& web = file.services[0];
  EXPECT_EQ(web.image, "busybox:1");
  EXPECT_EQ(web.network_mode, "none");
  EXPECT_FALSE(file.needs_network());
  EXPECT_EQ(web.container, ordered_json::parse(R"({
    "Cmd": ["sh", "-c", "echo $HOME"], "Env": ["A=1", "B=two"], "Tty": true,
    "StopSignal": "SIGKILL", "StopTimeout": 2,
    "Healthcheck": {"Test": ["CMD", "test", "-e", "/well"], "Interval": 1000000000, "Retries": 2},
    "HostConfig": {"NetworkMode": "none",
                   "PortBindings": {"80/tcp": [{"HostPort": "8080"}],
                                    "53/udp": [{"HostPort": "53"}]}}})"));
}

TEST(compose_file, has_a_hash_for_each_service_that_changes_with_it) {
  const std::string file = "services: {a: {image: x, command: one}, b: {image: x, command: two}}";
  const auto first = read(file);
  EXPECT_EQ(read(file).services[0].hash, first.services[0].hash);
  EXPECT_NE(first.services[0].hash, first.services[1].hash);
}

TEST(compose_file, splits_a_command_as_a_shell_does) {
  const auto file = read(R"(services: {web: {image: x, command: "sh -c 'echo \"a  b\"' c\\ d"}})");
  EXPECT_EQ(file.services[0].container["Cmd"], (ordered_json{"sh", "-c", "echo \"a  b\"", "c d"}));
}

TEST(compose_file, models_what_it_cannot_run) {
  const auto file = read(
      "services: {web: {image: nginx}, db: {image: x, command: y, x-sim: {rate: 3, tty: true}}}");
  EXPECT_TRUE(file.services[0].container.contains("Sim"));
  EXPECT_EQ(file.services[1].container["Sim"], ordered_json::parse(R"({"rate": 3})"));
  EXPECT_EQ(file.services[1].container["Tty"], true);
  EXPECT_FALSE(
      read("services: {web: {image: x, command: y}}").services[0].container.contains("Sim"));
  EXPECT_NE(complaint_about("services: {web: {image: x, x-sim: {rates: 3}}}").find("x-sim.rates"),
            std::string::npos);
}

TEST(compose_file, says_how_deploys_are_to_be) {
  const auto file = read(
      "services: {web: {image: x}}\nx-sim: {deploy_lines: 5000, deploy_fails: 3, deploy_seconds: "
      "1.5}");
  EXPECT_EQ(file.deploys.lines, 5000U);
  EXPECT_EQ(file.deploys.fails, 3);
  EXPECT_EQ(file.deploys.seconds, 1.5);
  EXPECT_NE(complaint_about("services: {web: {image: x}}\nx-sim: {deploy_lines: many}"), "nothing");
}

TEST(compose_file, puts_values_in) {
  const variables values{{"NAME", "value"}, {"EMPTY", ""}};
  const auto with = [&](const std::string& text) {
    std::vector<std::string> warnings;
    const auto done = with_values(text, values, warnings);
    return done ? *done : "error: " + done.error();
  };
  EXPECT_EQ(with("a $NAME ${NAME} b"), "a value value b");
  EXPECT_EQ(with("$$NAME $${NAME}"), "$NAME ${NAME}");
  EXPECT_EQ(with("${X:-other} ${EMPTY:-other} ${EMPTY-other} ${NAME:-other}"),
            "other other  value");
  EXPECT_EQ(with("${NAME:?needed}"), "value");
  EXPECT_EQ(with("${X:?is needed}"), "error: is needed");
  EXPECT_EQ(with("${unclosed"), "error: ");
  EXPECT_EQ(with("$ 5"), "error: ");
}

TEST(compose_file, warns_of_values_that_are_missing) {
  const auto file = read("services: {web: {image: 'x:$TAG', command: y}}");
  EXPECT_EQ(file.services[0].image, "x:");
  EXPECT_EQ(file.warnings,
            std::vector<std::string>{"The TAG variable is not set. Defaulting to a blank string."});
}

TEST(compose_file, reads_env_files) {
  EXPECT_EQ(parse_env_file("# no\nA=one two\nB=\"quoted\"\n\nC='single'\r\nnothing\n"),
            (variables{{"A", "one two"}, {"B", "quoted"}, {"C", "single"}}));
}

// As docker-compose 1.29 words them.
TEST(compose_file, that_is_wrong_is_complained_about_in_composes_words) {
  const std::string begin = "The Compose file 'f.yml' is invalid because:\n";
  EXPECT_EQ(complaint_about("services: {web: {imagee: x}}"),
            begin + "Unsupported config option for services.web: 'imagee'");
  EXPECT_EQ(complaint_about("services: {web: {command: x}}"),
            "The Compose file is invalid because:\nService web has neither an image nor a build "
            "context specified. At least one must be provided.");
  EXPECT_EQ(complaint_about("services: []"),
            "In file 'f.yml', services 'services' must be a mapping not an array.");
  EXPECT_EQ(complaint_about("- a"),
            "Top level object in 'f.yml' needs to be an object not '<class 'list'>'.");
  EXPECT_NE(complaint_about("services: [").find("yaml.parser.ParserError"), std::string::npos);
  EXPECT_TRUE(complaint_about("nonsense: {}")
                  .starts_with(begin + "'nonsense' does not match any of the regexes: '^x-'"));
  EXPECT_EQ(complaint_about("services: {web: {image: '${'}}"),
            "Invalid interpolation format for \"image\" option in service \"web\": \"${\"");
  EXPECT_EQ(complaint_about("services: {web: {image: x, depends_on: [db]}}"),
            "Service 'web' depends on service 'db' which is undefined.");
  EXPECT_NE(
      complaint_about("services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [a]}}")
          .find("Circular dependency"),
      std::string::npos);
}

TEST(compose_file, puts_services_in_the_order_of_their_needs) {
  const auto file =
      read("services: {a: {image: x, depends_on: [c]}, b: {image: x}, c: {image: x}}");
  std::vector<std::string> names;
  for (const auto& each : file.services) names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{"b", "c", "a"}));
}

TEST(image_registry, has_most_images_and_none_of_other_hosts) {
  ASSERT_TRUE(registry_answer("busybox:1.36"));
  EXPECT_EQ(registry_answer("busybox:1.36")->repository, "library/busybox");
  EXPECT_EQ(registry_answer("a/b")->digest, registry_answer("a/b:latest")->digest);
  EXPECT_NE(registry_answer("localhost:1/no/such:image").error().find("no such host"),
            std::string::npos);
  EXPECT_NE(registry_answer("no-such-image").error().find("pull access denied"), std::string::npos);
  EXPECT_NE(registry_answer("busybox:no-such").error().find("manifest unknown"), std::string::npos);
  EXPECT_EQ(registry_answer("a b").error(), "invalid reference format");
}

}  // namespace
}  // namespace spillway::sim
