#include "app/shared_projects.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace spillway::app {
namespace {

class shared_projects_test : public testing::Test {
 protected:
  shared_projects_test() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  }
  ~shared_projects_test() override { spdlog::set_default_logger(before); }

  static std::set<protocol::slug> apps(std::initializer_list<const char*> texts) {
    std::set<protocol::slug> made;
    for (const char* text : texts) made.insert(*protocol::slug::parse(text));
    return made;
  }
  /// How often the log has said it.
  int said(const std::string& text) const {
    int times = 0;
    const std::string all = log.str();
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++times;
    return times;
  }

  std::ostringstream log;
  const std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  shared_projects shared{"p-"};
};

TEST_F(shared_projects_test, names_that_differ_in_case_and_dots_alone_share_one) {
  shared.note(apps({"a.b", "a-b", "A-B", "ab", "a_b"}));
  EXPECT_TRUE(shared.contains(*protocol::slug::parse("a.b")));
  EXPECT_TRUE(shared.contains(*protocol::slug::parse("A-B")));
  EXPECT_FALSE(shared.contains(*protocol::slug::parse("ab")));
  EXPECT_FALSE(shared.contains(*protocol::slug::parse("a_b")));
}

TEST_F(shared_projects_test, each_is_logged_once_and_again_when_it_comes_back) {
  const std::string sentence = "A-B, a-b share the compose project p-a-b";
  for (int i = 0; i < 3; ++i) shared.note(apps({"a-b", "A-B", "zoo"}));
  EXPECT_EQ(said(sentence), 1) << log.str();
  shared.note(apps({"a-b", "zoo"}));
  EXPECT_FALSE(shared.contains(*protocol::slug::parse("a-b")));
  shared.note(apps({"a-b", "A-B", "zoo"}));
  EXPECT_EQ(said(sentence), 2);
  EXPECT_EQ(said("zoo"), 0);
}

}  // namespace
}  // namespace spillway::app
