#include "config/settings_table.hpp"

#include <gtest/gtest.h>

#include <set>

namespace spillway::config {
namespace {

TEST(settings_table, has_every_key_once_with_its_words) {
  std::set<std::string> keys;
  for (const setting& key : settings_table()) {
    EXPECT_TRUE(keys.insert(key.key).second) << key.key;
    EXPECT_FALSE(key.allowed.empty()) << key.key;
    EXPECT_TRUE(key.meaning.ends_with('.')) << key.key;
    // They stand in tables and comments.
    EXPECT_EQ((key.allowed + key.meaning).find_first_of("|<>\n"), std::string::npos) << key.key;
  }
}

TEST(settings_table, keeps_the_keys_of_a_section_together) {
  std::set<std::string> sections;
  std::string current;
  for (const setting& key : settings_table()) {
    if (key.section() == current) continue;
    current = key.section();
    EXPECT_TRUE(sections.insert(current).second) << key.key;
    EXPECT_FALSE(current.empty()) << key.key << " would fall into the section before it";
  }
}

TEST(settings_table, splits_a_dotted_key) {
  setting dotted{"docker.host", {}, {}, {}, {}};
  EXPECT_EQ(dotted.section(), "docker");
  EXPECT_EQ(dotted.name(), "host");
  setting plain{"listen", {}, {}, {}, {}};
  EXPECT_EQ(plain.section(), "");
  EXPECT_EQ(plain.name(), "listen");
}

TEST(settings_table, has_the_defaults_of_the_contract) {
  const std::pair<const char*, const char*> defaults[] = {
      {"listen", "127.0.0.1:8443"},
      {"data_dir", "/var/lib/spillway"},
      {"apps_dir", "/etc/spillway/apps"},
      {"allowed_origins", "[]"},
      {"trusted_proxies", "[]"},
      {"threads", "auto"},
      {"tls.certificate", "\"\""},
      {"tls.private_key", "\"\""},
      {"docker.host", "unix:///var/run/docker.sock"},
      {"docker.compose_command", "auto"},
      {"docker.config_dir", "\"\""},
      {"docker.project_prefix", "simpledeploy-"},
      {"deploy.max_concurrent", "3"},
      {"deploy.start_wait", "3s"},
      {"deploy.recent_window", "10s"},
      {"deploy.transcript_lines", "10000"},
      {"deploy.history", "100"},
      {"deploy.history_size", "256MiB"},
      {"deploy.versions", "20"},
      {"logs.ring_size", "4MiB"},
      {"logs.linger", "30s"},
      {"logs.max_line", "256KiB"},
      {"process_log.lines", "1000"},
      {"stream.window", "256KiB"},
      {"stream.read_deadline", "5m"},
      {"stream.ping_interval", "30s"},
      {"stream.stall_timeout", "1m"},
      {"stream.compression", "true"},
      {"limits.max_viewers", "50000"},
      {"limits.max_viewers_per_user", "200"},
      {"limits.max_connections_per_address", "1024"},
      {"limits.header_timeout", "10s"},
      {"limits.max_header", "16KiB"},
      {"limits.max_body", "4MiB"},
      {"auth.session_lifetime", "24h"},
      {"auth.login_attempts", "10/1m"},
      {"auth.lockout", "\"5 failures/15m\""},
      {"audit.records", "100000"},
      {"shutdown.grace", "10s"},
  };
  ASSERT_EQ(settings_table().size(), std::size(defaults));
  for (std::size_t i = 0; i < std::size(defaults); ++i) {
    EXPECT_EQ(settings_table()[i].key, defaults[i].first);
    EXPECT_EQ(settings_table()[i].print(settings{}), defaults[i].second) << defaults[i].first;
  }
}

}  // namespace
}  // namespace spillway::config
