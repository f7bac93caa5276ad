#include "sim/viewers/crowd_report.hpp"

#include <gmock/gmock.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/viewers/report_plots.hpp"

namespace spillway::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

boost::property_tree::ptree parse_xml(const std::string& text) {
  std::istringstream in(text);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(in, tree);
  return tree;
}

crowd_report some_report() {
  crowd_report made;
  made.seed = 42;
  made.url = "http://127.0.0.1:8443";
  made.viewers = 100;
  made.began = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  made.seconds = 60;
  made.totals.lines = 12'345;
  made.ends = {{"1000 container <exited> & gone", 7}};
  for (int i = 1; i <= 60; ++i) {
    timeline_sample sample;
    sample.at = i;
    sample.span = 1;
    sample.lines = static_cast<std::uint64_t>(100 * i);
    sample.latency_count = i == 30 ? 0 : 5;
    sample.p50 = 900;
    sample.p99 = 15'000;
    sample.max = 2'000'000;
    sample.process = process_use{50'000'000, 120, 4, 0};
    made.timeline.push_back(sample);
  }
  made.faults = {{made.began + std::chrono::seconds(20), "cut \"stream\" <1>", "shop & web"},
                 {made.began - std::chrono::seconds(20), "too early", ""}};
  return made;
}

crowd_report broken_report() {
  auto made = some_report();
  made.flaws = 2;
  made.flaws_by_kind = {{"gap", 2}};
  made.kept_flaws = {{{flaw_kind::gap, "3 lines are missing between #1.2 and #1.6"},
                      17,
                      99,
                      behaviour::steady,
                      "logs of shop/web",
                      made.began,
                      {"{\"line\": \"</pre><script>\xc3"}}};
  return made;
}

TEST(crowd_report, is_json_with_all_figures) {
  const auto json = nlohmann::json::parse(as_json(broken_report()));
  EXPECT_EQ(json["seed"], 42);
  EXPECT_EQ(json["totals"]["lines"], 12'345);
  EXPECT_EQ(json["timeline"].size(), 60U);
  EXPECT_EQ(json["timeline"][0]["server_descriptors"], 120);
  EXPECT_EQ(json["broken_invariants"][0]["viewer"], 17);
  EXPECT_EQ(json["faults"][0]["at"], "2023-11-14T22:13:40.000Z");
}

TEST(crowd_report, names_what_is_broken_with_the_viewer_and_its_seed) {
  const auto text = as_text(broken_report());
  EXPECT_THAT(text, HasSubstr("BROKEN INVARIANTS: 2"));
  EXPECT_THAT(text, HasSubstr("viewer 17 (steady), seed 99, logs of shop/web"));
  EXPECT_THAT(text, HasSubstr("3 lines are missing"));
  EXPECT_THAT(as_text(some_report()), HasSubstr("no invariant was broken"));
}

TEST(crowd_report, has_plots_that_are_well_formed) {
  const auto plots = plots_of(broken_report());
  EXPECT_EQ(plots.size(), 8U);
  for (const auto& [name, svg] : plots) {
    const auto tree = parse_xml(svg);
    EXPECT_EQ(tree.front().first, "svg") << name;
    EXPECT_THAT(svg, HasSubstr("prefers-color-scheme"));
    EXPECT_THAT(svg, HasSubstr("cut &quot;stream&quot; &lt;1&gt; shop &amp; web"));
    EXPECT_THAT(svg, Not(HasSubstr("too early"))) << "not of this run";
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
  }
}

TEST(crowd_report, has_no_plots_of_a_process_that_nobody_watched) {
  auto report = some_report();
  for (auto& each : report.timeline) each.process.reset();
  EXPECT_EQ(plots_of(report).size(), 6U);
}

TEST(crowd_report, is_a_page_without_requests_and_without_what_frames_smuggle_in) {
  const auto page = as_html(broken_report());
  EXPECT_THAT(page, HasSubstr("&lt;/pre&gt;&lt;script&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  for (const char* request : {"src=", "href=", "@import", "url("})
    EXPECT_THAT(page, Not(HasSubstr(request)));
  EXPECT_THAT(page, HasSubstr("container &lt;exited&gt; &amp; gone"));
}

TEST(crowd_report, of_nothing_is_one_too) {
  const crowd_report empty;
  EXPECT_NO_THROW(nlohmann::json::parse(as_json(empty)));
  for (const auto& [name, svg] : plots_of(empty)) EXPECT_NO_THROW(parse_xml(svg)) << name;
  EXPECT_THAT(as_html(empty), HasSubstr("No invariant was broken"));
}

TEST(crowd_report, writes_durations_as_people_read_them) {
  EXPECT_EQ(duration_text(0), "0 us");
  EXPECT_EQ(duration_text(999), "999 us");
  EXPECT_EQ(duration_text(12'345), "12.3 ms");
  EXPECT_EQ(duration_text(345'678), "346 ms");
  EXPECT_EQ(duration_text(12'345'678), "12.3 s");
}

}  // namespace
}  // namespace spillway::sim
