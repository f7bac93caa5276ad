#include "config/loader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "config/settings_table.hpp"

namespace spillway::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

settings loaded(const std::string& text) {
  auto result = load_text(text, "test.yaml");
  if (result) return result->values;
  for (const config_error& error : result.error()) ADD_FAILURE() << error.text();
  return {};
}

std::vector<std::string> errors_in(const std::string& text) {
  auto result = load_text(text, "test.yaml");
  std::vector<std::string> texts;
  if (result) return texts;
  for (const config_error& error : result.error()) texts.push_back(error.text());
  return texts;
}

TEST(loader, takes_the_defaults_where_nothing_is_set) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "{}", "docker:\nlogs:\n"}) {
    settings values = loaded(text);
    EXPECT_EQ(values.listen.port, 8443) << text;
    EXPECT_EQ(values.docker.project_prefix, "simpledeploy-") << text;
  }
}

TEST(loader, reads_keys_of_every_kind) {
  settings values = loaded(R"(
listen: "[::1]:0"
data_dir: /srv/data
allowed_origins: [https://A.example, "http://b.example:80"]
threads: 4
docker:
  host: tcp://10.0.0.1:2375
  compose_command: [docker, compose, --ansi=never]
  project_prefix: ""
deploy: {max_concurrent: 7, start_wait: 1500ms}
logs:
  ring_size: 65536B
  linger: 1h30m
)");
  EXPECT_EQ(values.listen.host, "::1");
  EXPECT_EQ(values.listen.port, 0);
  EXPECT_EQ(values.data_dir, "/srv/data");
  EXPECT_THAT(values.allowed_origins, ElementsAre("https://a.example", "http://b.example"));
  EXPECT_EQ(values.threads, 4u);
  EXPECT_EQ(values.docker.host, "tcp://10.0.0.1:2375");
  EXPECT_THAT(values.docker.compose_command, ElementsAre("docker", "compose", "--ansi=never"));
  EXPECT_EQ(values.docker.project_prefix, "");
  EXPECT_EQ(values.deploy.max_concurrent, 7u);
  EXPECT_EQ(values.deploy.start_wait, 1500ms);
  EXPECT_EQ(values.logs.ring_size_bytes, 65536u);
  EXPECT_EQ(values.logs.linger, 90min);
  EXPECT_EQ(values.deploy.recent_window, 10s) << "the rest stays at its default";
}

TEST(loader, takes_auto_where_it_is_allowed) {
  settings values = loaded("threads: auto\ndocker:\n  compose_command: auto\n");
  EXPECT_EQ(values.threads, 0u);
  EXPECT_TRUE(values.docker.compose_command.empty());
  EXPECT_THAT(errors_in("listen: auto\n"), ElementsAre(HasSubstr("listen must be HOST:PORT")));
}

TEST(loader, takes_true_and_false_for_a_switch_and_nothing_like_them) {
  EXPECT_TRUE(loaded("stream:\n  compression: true\n").stream.compression);
  EXPECT_FALSE(loaded("stream:\n  compression: false\n").stream.compression);
  for (const char* other : {"yes", "off", "True", "0", "[]", ""}) {
    EXPECT_THAT(errors_in("stream:\n  compression: " + std::string{other} + "\n"),
                ElementsAre(HasSubstr("stream.compression must be true or false")))
        << other;
  }
}

TEST(loader, tells_whether_docker_host_was_set) {
  EXPECT_FALSE(load_text("docker:\n  project_prefix: a\n", "f")->docker_host_was_set);
  EXPECT_TRUE(load_text("docker:\n  host: unix:///a.sock\n", "f")->docker_host_was_set);
  EXPECT_TRUE(load_text("docker:\n  host: unix:///var/run/docker.sock\n", "f")->docker_host_was_set)
      << "also to the default";
}

TEST(loader, names_file_line_key_and_what_is_allowed) {
  EXPECT_THAT(errors_in("# a comment\n\ndeploy:\n  max_concurrent: zero\n"),
              ElementsAre("test.yaml:4: deploy.max_concurrent must be a whole number from 1 to "
                          "1000, not \"zero\""));
}

TEST(loader, names_the_line_of_a_key_without_a_value) {
  EXPECT_THAT(errors_in("listen:\n\nthreads: 2\nlogs:\n  linger:\n\n\n  max_line: 1KiB\n"),
              ElementsAre(StartsWith("test.yaml:1: listen must be HOST:PORT"),
                          StartsWith("test.yaml:5: logs.linger must be")));
}

TEST(loader, collects_every_error_from_top_to_bottom) {
  EXPECT_THAT(errors_in("threads: -1\n"
                        "docker:\n"
                        "  hots: x\n"
                        "  host: ssh://me\n"
                        "listen: 8443\n"
                        "logs:\n"
                        "  linger: 30\n"),
              ElementsAre(AllOf(StartsWith("test.yaml:1: threads must be"), HasSubstr("\"-1\"")),
                          StartsWith("test.yaml:3: unknown key docker.hots"),
                          StartsWith("test.yaml:4: docker.host must be unix:///PATH or"),
                          StartsWith("test.yaml:5: listen must be HOST:PORT"),
                          StartsWith("test.yaml:7: logs.linger must be a duration from")));
}

TEST(loader, refuses_values_out_of_range_and_takes_those_at_its_ends) {
  EXPECT_EQ(loaded("deploy: {max_concurrent: 1}").deploy.max_concurrent, 1u);
  EXPECT_EQ(loaded("deploy: {max_concurrent: 1000}").deploy.max_concurrent, 1000u);
  EXPECT_EQ(loaded("stream: {window: 4KiB}").stream.window_bytes, 4096u);
  EXPECT_EQ(loaded("stream: {window: 16MiB}").stream.window_bytes, 16u << 20);
  EXPECT_EQ(loaded("deploy: {start_wait: 0s}").deploy.start_wait, 0s);
  for (const char* text :
       {"deploy: {max_concurrent: 0}", "deploy: {max_concurrent: 1001}", "stream: {window: 4095B}",
        "stream: {window: 16385KiB}", "stream: {ping_interval: 0s}", "stream: {read_deadline: 0ms}",
        "deploy: {start_wait: 61m}", "threads: 0", "threads: 257", "process_log: {lines: 0}",
        "deploy: {max_concurrent: 99999999999999}", "listen: a:65536"}) {
    EXPECT_THAT(errors_in(text), ElementsAre(StartsWith("test.yaml:1: "))) << text;
  }
}

TEST(loader, refuses_values_of_the_wrong_kind_for_every_key) {
  for (const setting& key : settings_table()) {
    for (const char* value : {"{a: b}", "[[a], [b]]", "", "~", "\"\\0\"", "-7x"}) {
      if (key.allowed.starts_with("a path")) {
        if (std::string_view{value} == "-7x") continue;  // the name of a folder
      }
      std::string section = key.section().empty() ? "" : key.section() + ":\n  ";
      auto errors = errors_in(section + key.name() + ": " + value + "\n");
      std::string line = section.empty() ? "1" : "2";
      EXPECT_THAT(errors, ElementsAre(AllOf(StartsWith("test.yaml:" + line + ": " + key.key),
                                            HasSubstr(" must be " + key.allowed + ", not "))))
          << key.key << ": " << value;
    }
  }
}

TEST(loader, names_the_line_of_the_element_that_is_wrong) {
  EXPECT_THAT(errors_in("allowed_origins:\n  - https://a\n  - \"*\"\n"),
              ElementsAre("test.yaml:3: allowed_origins must be a list of origins, each "
                          "scheme://host or scheme://host:port without wildcards, not \"*\""));
  EXPECT_THAT(errors_in("allowed_origins: [\"https://*.example.com\"]\n"),
              ElementsAre(HasSubstr("without wildcards, not \"https://*.example.com\"")));
  EXPECT_THAT(errors_in("docker:\n  compose_command: docker compose\n"),
              ElementsAre(HasSubstr("such as [\"docker\", \"compose\"], not \"docker compose\"")));
  EXPECT_THAT(errors_in("docker:\n  compose_command: []\n"),
              ElementsAre(HasSubstr("not an empty list")));
}

TEST(loader, refuses_pings_that_come_too_late_to_break_a_viewers_silence) {
  EXPECT_THAT(errors_in("stream:\n  ping_interval: 10s\n  window: 8KiB\n  read_deadline: 10s\n"),
              ElementsAre("test.yaml:4: stream.ping_interval (10s) must be shorter than "
                          "stream.read_deadline (10s): viewers that have nothing to say live by "
                          "the pings"));
  // Against the default of the other, too.
  EXPECT_THAT(errors_in("stream:\n  read_deadline: 20s\n"),
              ElementsAre(AllOf(StartsWith("test.yaml:2: "), HasSubstr("ping_interval (30s)"),
                                HasSubstr("read_deadline (20s)"))));
  EXPECT_THAT(errors_in("threads: 1\nstream: {ping_interval: 5m}\n"),
              ElementsAre(StartsWith("test.yaml:2: stream.ping_interval (5m)")));
  EXPECT_EQ(loaded("stream: {ping_interval: 999ms, read_deadline: 1s}").stream.read_deadline, 1s);
  // A value that could not be read is the only error.
  EXPECT_THAT(errors_in("stream: {ping_interval: 1x, read_deadline: 1s}"),
              ElementsAre(HasSubstr("stream.ping_interval must be a duration")));
}

TEST(loader, refuses_half_of_a_tls_setting) {
  EXPECT_THAT(errors_in("threads: 1\ntls:\n  certificate: /etc/a.pem\n"),
              ElementsAre("test.yaml:3: tls.private_key must be set as well: TLS needs both "
                          "tls.certificate and tls.private_key"));
  EXPECT_THAT(errors_in("tls: {private_key: /etc/a.key, certificate: \"\"}"),
              ElementsAre(HasSubstr("tls.certificate must be set as well")));
  EXPECT_EQ(loaded("tls: {certificate: a.pem, private_key: a.key}").tls.certificate, "a.pem");
}

TEST(loader, reads_trusted_proxies_and_rates) {
  auto values = loaded("trusted_proxies: [10.1.0.0/8, \"::1\"]\nauth: {lockout: 3 failures/1h}");
  ASSERT_EQ(values.trusted_proxies.size(), 2u);
  EXPECT_EQ(values.trusted_proxies[0].text(), "10.0.0.0/8");
  EXPECT_EQ(values.auth.lockout.count, 3u);
  EXPECT_EQ(values.auth.lockout.window, 1h);
  EXPECT_THAT(errors_in("trusted_proxies:\n  - ::1\n  - proxy.example\n"),
              ElementsAre("test.yaml:3: trusted_proxies must be a list of addresses or networks "
                          "such as 10.0.0.0/8, not \"proxy.example\""));
  EXPECT_THAT(errors_in("auth: {login_attempts: 10}"),
              ElementsAre(HasSubstr("auth.login_attempts must be a number from 1 to 1000000, a "
                                    "slash and a duration from 1s to 1d, not \"10\"")));
}

TEST(loader, keeps_quoted_values_short) {
  auto errors = errors_in("threads: " + std::string(10'000, 'x'));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_LT(errors[0].size(), 200u);
}

TEST(loader, refuses_unknown_keys_and_says_which_are_known) {
  EXPECT_THAT(errors_in("lisen: a:1\n"),
              ElementsAre(AllOf(StartsWith("test.yaml:1: unknown key lisen; known here: listen, "),
                                HasSubstr(", docker, "))));
  EXPECT_THAT(errors_in("docker:\n  socket: x\n"),
              ElementsAre("test.yaml:2: unknown key docker.socket; known here: host, "
                          "compose_command, config_dir, project_prefix"));
  EXPECT_THAT(errors_in("host: unix:///a\n"), ElementsAre(HasSubstr("unknown key host")));
}

TEST(loader, explains_how_a_dotted_key_is_written) {
  EXPECT_THAT(errors_in("docker.host: unix:///a\n"),
              ElementsAre("test.yaml:1: write docker.host as \"host\" below \"docker:\""));
}

TEST(loader, refuses_a_key_that_is_set_twice) {
  EXPECT_THAT(errors_in("threads: 1\nthreads: 2\n"),
              ElementsAre("test.yaml:2: threads is set twice; only one may stay"));
  EXPECT_THAT(errors_in("logs:\n  linger: 1s\n  linger: 1s\n"),
              ElementsAre("test.yaml:3: logs.linger is set twice; only one may stay"));
  EXPECT_THAT(errors_in("logs:\n  linger: 1s\nlogs:\n  max_line: 1KiB\n"),
              ElementsAre("test.yaml:3: logs is set twice; only one may stay"));
}

TEST(loader, refuses_a_section_that_is_none) {
  EXPECT_THAT(errors_in("docker: unix:///a\n"),
              ElementsAre("test.yaml:1: docker must be a section with the keys host, "
                          "compose_command, config_dir, project_prefix"));
  EXPECT_THAT(errors_in("- listen\n"), ElementsAre(StartsWith("test.yaml:1: expected keys")));
  EXPECT_THAT(errors_in("just text\n"), ElementsAre(StartsWith("test.yaml:1: expected keys")));
  EXPECT_THAT(errors_in("? [a, b]\n: 1\n"), ElementsAre("test.yaml:1: a key must be a text"));
}

TEST(loader, names_the_line_where_the_yaml_breaks) {
  EXPECT_THAT(errors_in("threads: 1\nlisten: [a\ndocker: }\n"),
              ElementsAre(testing::MatchesRegex("test.yaml:[0-9]+: this is not YAML: .+")));
  EXPECT_THAT(errors_in("a: b: c\n"), ElementsAre(StartsWith("test.yaml:1: this is not YAML: ")));
  EXPECT_THAT(errors_in("a: \"x\n"), ElementsAre(HasSubstr("this is not YAML: ")));
  EXPECT_THAT(errors_in(std::string(100'000, '[')), ElementsAre(HasSubstr("this is not YAML: ")));
}

TEST(loader, does_not_take_the_rest_of_the_file_for_a_text_whose_quote_is_open) {
  for (const char* text : {"data_dir: \"/a", "data_dir: \"/a\n", "data_dir: '/a\nthreads: 2\n\n"}) {
    EXPECT_THAT(errors_in(text), ElementsAre(HasSubstr("this is not YAML: "))) << text;
  }
}

TEST(loader, refuses_a_second_document) {
  EXPECT_THAT(errors_in("threads: 1\n---\nthreads: 2\n"),
              ElementsAre(HasSubstr("a second document begins")));
  EXPECT_THAT(errors_in("threads: x\n---\n{}\n"),
              ElementsAre(StartsWith("test.yaml:1: threads"), HasSubstr("a second document")));
}

/// Shown by check-config it would be another value, and perhaps one that cannot be loaded.
TEST(loader, refuses_what_is_not_utf8) {
  EXPECT_THAT(errors_in("threads: 1\ndata_dir: /a\xff\n"),
              ElementsAre("test.yaml:2: this is not UTF-8 text"));
}

TEST(loader, complains_in_utf8) {
  EXPECT_THAT(errors_in("data_dir: \"\\\xc3\xa9\"\n"),
              ElementsAre(HasSubstr("character: \xEF\xBF\xBD")));
}

/// yaml-cpp alone would read it as documents without end.
TEST(loader, refuses_a_comma_between_documents) {
  for (const char* text : {",", "# nothing\n ,", ",threads: 1"}) {
    EXPECT_THAT(errors_in(text), ElementsAre(HasSubstr("this is not YAML: "))) << text;
  }
  EXPECT_THAT(errors_in("threads: 1\n---\n,"), ElementsAre(HasSubstr("a second document begins")));
}

class loader_file : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/spillway-config-XXXXXX";
    ASSERT_NE(mkdtemp(pattern), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& text) {
    std::filesystem::path file = folder_ / "spillway.yaml";
    std::ofstream{file} << text;
    return file;
  }

  std::filesystem::path folder_;
};

TEST_F(loader_file, is_read_whole) {
  auto result = load_file(write("threads: 3\n" + std::string(100'000, '\n') + "listen: a:1\n"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->values.threads, 3u);
  EXPECT_EQ(result->values.listen.host, "a");
}

TEST_F(loader_file, may_be_empty) {
  EXPECT_TRUE(load_file(write("")));
}

TEST_F(loader_file, stands_in_every_error) {
  auto file = write("threads: x\n");
  auto result = load_file(file);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().at(0).text(), StartsWith(file.string() + ":1: threads must be"));
}

TEST_F(loader_file, that_cannot_be_read_is_an_error_with_its_cause) {
  auto absent = load_file(folder_ / "absent.yaml");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().at(0).text(),
            (folder_ / "absent.yaml").string() + ": cannot be read: No such file or directory");
  auto folder = load_file(folder_);
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().at(0).text(), HasSubstr("Is a directory"));
}

TEST_F(loader_file, that_is_too_large_is_not_read) {
  auto result = load_file(write(std::string((1 << 20) + 1, '\n')));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().at(0).message, "is larger than 1 MiB");
  EXPECT_TRUE(load_file(write(std::string(1 << 20, '\n'))));
}

}  // namespace
}  // namespace spillway::config
