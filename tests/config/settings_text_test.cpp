#include "config/settings_text.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "config/loader.hpp"
#include "support/paths.hpp"

namespace spillway::config {
namespace {

using namespace std::chrono_literals;

/// Fails where a file of the tree is not `content`; SPILLWAY_REGENERATE=1 writes it instead.
void expect_file(const std::string& file_in_tree, const std::string& content) {
  std::string file = test::source_folder() + "/" + file_in_tree;
  if (std::getenv("SPILLWAY_REGENERATE") != nullptr) std::ofstream{file} << content;
  std::ifstream in{file};
  std::ostringstream found;
  found << in.rdbuf();
  EXPECT_EQ(found.str(), content) << "run this test with SPILLWAY_REGENERATE=1 to write " << file;
}

std::vector<std::string> texts_of(const std::vector<address_range>& ranges) {
  std::vector<std::string> texts;
  for (const auto& range : ranges) texts.push_back(range.text());
  return texts;
}

void expect_equal(const rate& a, const rate& b) {
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.window, b.window);
}

void expect_equal(const settings& a, const settings& b) {
  EXPECT_EQ(a.listen.host, b.listen.host);
  EXPECT_EQ(a.listen.port, b.listen.port);
  EXPECT_EQ(a.data_dir, b.data_dir);
  EXPECT_EQ(a.apps_dir, b.apps_dir);
  EXPECT_EQ(a.allowed_origins, b.allowed_origins);
  EXPECT_EQ(texts_of(a.trusted_proxies), texts_of(b.trusted_proxies));
  EXPECT_EQ(a.tls.certificate, b.tls.certificate);
  EXPECT_EQ(a.tls.private_key, b.tls.private_key);
  EXPECT_EQ(a.docker.host, b.docker.host);
  EXPECT_EQ(a.docker.compose_command, b.docker.compose_command);
  EXPECT_EQ(a.docker.config_dir, b.docker.config_dir);
  EXPECT_EQ(a.docker.project_prefix, b.docker.project_prefix);
  EXPECT_EQ(a.deploy.max_concurrent, b.deploy.max_concurrent);
  EXPECT_EQ(a.deploy.start_wait, b.deploy.start_wait);
  EXPECT_EQ(a.deploy.recent_window, b.deploy.recent_window);
  EXPECT_EQ(a.deploy.transcript_lines, b.deploy.transcript_lines);
  EXPECT_EQ(a.deploy.history, b.deploy.history);
  EXPECT_EQ(a.deploy.history_size_bytes, b.deploy.history_size_bytes);
  EXPECT_EQ(a.deploy.versions, b.deploy.versions);
  EXPECT_EQ(a.logs.ring_size_bytes, b.logs.ring_size_bytes);
  EXPECT_EQ(a.logs.linger, b.logs.linger);
  EXPECT_EQ(a.logs.max_line_bytes, b.logs.max_line_bytes);
  EXPECT_EQ(a.process_log.lines, b.process_log.lines);
  EXPECT_EQ(a.stream.window_bytes, b.stream.window_bytes);
  EXPECT_EQ(a.stream.read_deadline, b.stream.read_deadline);
  EXPECT_EQ(a.stream.ping_interval, b.stream.ping_interval);
  EXPECT_EQ(a.stream.stall_timeout, b.stream.stall_timeout);
  EXPECT_EQ(a.stream.compression, b.stream.compression);
  EXPECT_EQ(a.limits.max_viewers, b.limits.max_viewers);
  EXPECT_EQ(a.limits.max_viewers_per_user, b.limits.max_viewers_per_user);
  EXPECT_EQ(a.limits.max_connections_per_address, b.limits.max_connections_per_address);
  EXPECT_EQ(a.limits.header_timeout, b.limits.header_timeout);
  EXPECT_EQ(a.limits.max_header_bytes, b.limits.max_header_bytes);
  EXPECT_EQ(a.limits.max_body_bytes, b.limits.max_body_bytes);
  EXPECT_EQ(a.auth.session_lifetime, b.auth.session_lifetime);
  expect_equal(a.auth.login_attempts, b.auth.login_attempts);
  expect_equal(a.auth.lockout, b.auth.lockout);
  EXPECT_EQ(a.audit.records, b.audit.records);
  EXPECT_EQ(a.shutdown.grace, b.shutdown.grace);
  EXPECT_EQ(a.threads, b.threads);
}

/// No member has its default, nor the value of another.
settings all_different() {
  settings s;
  s.listen = {"fe80::1", 1};
  s.data_dir = "/srv/my data: #1";
  s.apps_dir = "~/apps \"x\" \\ é";
  s.allowed_origins = {"https://a.example", "http://[::1]:3000"};
  s.trusted_proxies = {*address_range::parse("10.0.0.0/8"), *address_range::parse("::1")};
  s.tls = {"/etc/tls/a.pem", "/etc/tls/a b.key"};
  s.docker.host = "tcp://[::1]:2375";
  s.docker.compose_command = {"docker compose", "--file=[a, b]", "", "~", "null", "- x: y"};
  s.docker.project_prefix = "";
  s.docker.config_dir = "/etc/docker config";
  s.deploy = {2, 3ms, 4'000ms, 5, 28, 29 << 20, 30};
  s.logs = {6 << 10, 7ms, 8 << 10};
  s.process_log = {9};
  s.stream = {10'001, 12ms, 11ms, 13ms, false};
  s.limits = {14, 15, 22, 16ms, 17 << 10, 18 << 10};
  s.auth = {19'000ms, {23, 24s}, {25, 26s}};
  s.audit = {27};
  s.shutdown = {20ms};
  s.threads = 21;
  return s;
}

void expect_round_trip(const settings& values) {
  std::string text = print_effective(values);
  auto read = load_text(text, "printed");
  ASSERT_TRUE(read) << text << read.error().front().text();
  expect_equal(read->values, values);
}

TEST(effective_configuration, is_read_back_as_the_same_settings) {
  expect_round_trip(settings{});
  expect_round_trip(all_different());
}

TEST(effective_configuration, keeps_every_awkward_text) {
  for (const char* text :
       {"null", "Null", "~",  "true", "12", "a:", "a: b", "a #b", "#a",    "-",    "- a", "[a]",
        "{a}",  "*a",   "&a", "!a",   "%a", "@a", "`a`",  "'a'",  "\"a\"", "a\\b", " a ", "a\nb",
        "\t",   "é",    "|",  ">",    "?",  "/",  "=",    "<<",   "\x7f",  "\x1b"}) {
    settings values;
    values.data_dir = text;
    values.docker.compose_command = {text, text};
    expect_round_trip(values);
  }
}

TEST(shipped_file, is_the_one_made_from_the_table) {
  expect_file("config/spillway.yaml", commented_default_yaml());
}

TEST(shipped_file, sets_nothing) {
  auto read = load_text(commented_default_yaml(), "shipped");
  ASSERT_TRUE(read) << read.error().front().text();
  expect_equal(read->values, settings{});
  EXPECT_FALSE(read->docker_host_was_set);
}

TEST(shipped_file, sets_every_key_to_its_default_once_the_comment_signs_are_gone) {
  // `#key: value` is a key, `# text` a comment.
  std::string text = commented_default_yaml();
  for (std::size_t i = 0; (i = text.find('#', i)) != std::string::npos;) {
    if (text[i + 1] >= 'a' && text[i + 1] <= 'z') text.erase(i, 1);
    i = text.find('\n', i);
  }
  auto read = load_text(text, "uncommented");
  ASSERT_TRUE(read) << read.error().front().text();
  expect_equal(read->values, settings{});
  EXPECT_TRUE(read->docker_host_was_set);
}

TEST(reference_page, is_the_one_made_from_the_table) {
  expect_file("docs/configuration.md", configuration_reference_markdown());
}

}  // namespace
}  // namespace spillway::config
