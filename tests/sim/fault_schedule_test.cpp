#include "sim/host/fault_schedule.hpp"

#include <gtest/gtest.h>

#include <map>

namespace spillway::sim {
namespace {

using namespace std::chrono_literals;

std::vector<fault> first_faults(const std::string& faults, std::uint64_t seed, std::size_t count,
                                double speed = 1) {
  fault_schedule schedule(*load_faults(faults), seed, speed);
  std::vector<fault> all;
  for (std::size_t i = 0; i < count; ++i) {
    auto next = schedule.next();
    if (!next) break;
    all.push_back(*next);
  }
  return all;
}

bool same(const std::vector<fault>& one, const std::vector<fault>& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const fault& a, const fault& b) {
                      return a.kind == b.kind && a.at == b.at && a.draw == b.draw;
                    });
}

TEST(fault_schedule, is_the_same_for_the_same_seed) {
  const auto faults = first_faults("hostile", 7, 500);
  ASSERT_EQ(faults.size(), 500U);
  EXPECT_TRUE(same(first_faults("hostile", 7, 500), faults));
  EXPECT_FALSE(same(first_faults("hostile", 8, 500), faults));
}

TEST(fault_schedule, is_in_the_order_of_time) {
  std::chrono::nanoseconds last{};
  std::map<fault_kind, int> kinds;
  for (const fault& each : first_faults("hostile", 3, 1'000)) {
    EXPECT_GE(each.at, last);
    last = each.at;
    ++kinds[each.kind];
  }
  EXPECT_EQ(kinds.size(), std::size(all_fault_kinds)) << "hostile knows every kind";
}

TEST(fault_schedule, keeps_to_the_times_that_it_was_given) {
  fault_schedule schedule(
      *parse_faults("- {at: 10s, fault: restart}\n- {every: 4s, fault: cut}", "test"), 1);
  std::vector<std::pair<fault_kind, std::chrono::nanoseconds>> got;
  for (int i = 0; i < 4; ++i) {
    const auto next = schedule.next();
    ASSERT_TRUE(next);
    got.emplace_back(next->kind, next->at);
  }
  const decltype(got) wanted{{fault_kind::cut, 4s},
                             {fault_kind::cut, 8s},
                             {fault_kind::restart, 10s},
                             {fault_kind::cut, 12s}};
  EXPECT_EQ(got, wanted);
}

TEST(fault_schedule, goes_faster_where_it_is_told_to) {
  const auto slow = first_faults("mild", 5, 20);
  const auto fast = first_faults("mild", 5, 20, 10);
  for (std::size_t i = 0; i < slow.size(); ++i) {
    EXPECT_EQ(fast[i].kind, slow[i].kind);
    EXPECT_NEAR(static_cast<double>(fast[i].at.count()),
                static_cast<double>(slow[i].at.count()) / 10, 1'000);
  }
}

TEST(fault_schedule, may_be_empty) {
  EXPECT_TRUE(first_faults("none", 1, 1).empty());
  EXPECT_TRUE(parse_faults("", "test")->empty());
}

TEST(faults, are_read_with_their_details) {
  const auto entries = parse_faults(
      "- {every: 2s..5s, fault: skew, by: -90s, for: 4s, target: web}\n"
      "- {at: 1m, fault: giant, bytes: 64MiB}\n"
      "- {at: 1m, fault: exit, code: 3}\n"
      "- {at: 1m, fault: flood, lines: 12}\n",
      "test");
  ASSERT_TRUE(entries) << entries.error();
  EXPECT_EQ(entries->at(0).what.by, -90s);
  EXPECT_EQ(entries->at(0).what.lasts, 4s);
  EXPECT_EQ(entries->at(0).what.target, "web");
  EXPECT_EQ(entries->at(0).least, 2s);
  EXPECT_EQ(entries->at(0).most, 5s);
  EXPECT_TRUE(entries->at(0).repeats);
  EXPECT_EQ(entries->at(1).what.bytes, 64ULL << 20U);
  EXPECT_FALSE(entries->at(1).repeats);
  EXPECT_EQ(entries->at(2).what.code, 3);
  EXPECT_EQ(entries->at(3).what.lines, 12U);
}

TEST(faults, that_are_wrong_are_named_with_their_line) {
  const std::map<std::string, std::string> wrong{
      {"- {every: 2s, fault: cut}\n- {every: 2s, fault: cat}", "test:2: there is no such fault"},
      {"- {fault: cut}", "test:1: give either at or every"},
      {"- {at: 1s, every: 2s, fault: cut}", "test:1: give either at or every"},
      {"- {every: 5s..2s, fault: cut}", "test:1: '5s..2s' is no time: write 20s or 20s..60s"},
      {"- {every: 0s, fault: cut}", "test:1: every must be a millisecond at least"},
      {"- {at: 1s, fault: slow, by: -1s}", "test:1: '-1s' is no duration: write 500ms, 3s or 1m"},
      {"- {at: 1s, fault: giant, bytes: 2GiB}",
       "test:1: bytes must be a size up to 1GiB, such as 16MiB"},
      {"- {at: 1s, fault: cut, when: 3}",
       "test:1: unknown key 'when': use at, every, fault, for, by, lines, bytes, code, target"},
      {"at: 1s", "test: a schedule is a list of faults"},
  };
  for (const auto& [yaml, sentence] : wrong) {
    const auto read = parse_faults(yaml, "test");
    ASSERT_FALSE(read) << yaml;
    EXPECT_EQ(read.error(), sentence);
  }
  EXPECT_NE(load_faults("/no/such/file").error().find("none, mild, hostile"), std::string::npos);
}

TEST(faults, have_names_that_are_read_back) {
  for (const fault_kind each : all_fault_kinds) EXPECT_EQ(fault_named(fault_name(each)), each);
  EXPECT_FALSE(fault_named("nonsense"));
}

}  // namespace
}  // namespace spillway::sim
