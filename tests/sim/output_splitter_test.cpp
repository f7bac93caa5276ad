#include "sim/host/output_splitter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spillway::sim {
namespace {

/// A clock that counts its readings.
log_clock counting_clock() {
  return log_clock([n = std::int64_t{0}]() mutable {
    return protocol::timestamp(std::chrono::nanoseconds(n += 1'000));
  });
}

class splitting {
 public:
  splitting& feed(std::string_view bytes) {
    splitter_.feed(bytes, clock_, log_);
    return *this;
  }
  splitting& finish() {
    splitter_.finish(clock_, log_);
    return *this;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    auto where = log_.position(0);
    while (const auto entry = log_.next(where)) all.emplace_back(entry->text);
    return all;
  }
  std::vector<std::int64_t> times() const {
    std::vector<std::int64_t> all;
    auto where = log_.position(0);
    while (const auto entry = log_.next(where)) all.push_back(entry->at.time_since_epoch().count());
    return all;
  }

 private:
  log_store log_{1 << 20};
  log_clock clock_ = counting_clock();
  output_splitter splitter_{output_kind::standard_output};
};

using strings = std::vector<std::string>;
const std::string full(output_splitter::entry_bytes, 'x');

TEST(output_splitter, makes_an_entry_of_each_line) {
  EXPECT_EQ(splitting().feed("one\ntwo\n\nthr").feed("ee\nrest").texts(),
            (strings{"one\n", "two\n", "\n", "three\n"}));
}

TEST(output_splitter, ends_with_what_is_left_of_a_line) {
  EXPECT_EQ(splitting().feed("one\nrest").finish().finish().texts(), (strings{"one\n", "rest"}));
}

// As a real Engine (20.10) was seen to split these.
TEST(output_splitter, splits_lines_where_docker_does) {
  EXPECT_EQ(splitting().feed(full.substr(1) + "\n").texts(), (strings{full.substr(1) + "\n"}));
  EXPECT_EQ(splitting().feed(full + "\n").texts(), (strings{full, "\n"}));
  EXPECT_EQ(splitting().feed("short\n" + full + full + "y\nlast\n").texts(),
            (strings{"short\n", full, full, "y\n", "last\n"}));
}

TEST(output_splitter, gives_all_parts_of_a_line_its_first_time) {
  EXPECT_EQ(splitting().feed("a\n" + full + full + "y\nb\n").times(),
            (std::vector<std::int64_t>{1'000, 2'000, 2'000, 2'000, 3'000}));
}

TEST(output_splitter, does_not_care_how_bytes_arrive) {
  const std::string text = "one\n" + full + "more\n\n" + full + "\nend";
  const auto whole = splitting().feed(text).finish().texts();
  for (const std::size_t step : {1U, 7U, 1'000U, 16'383U, 16'384U, 16'385U}) {
    splitting pieces;
    for (std::size_t i = 0; i < text.size(); i += step) pieces.feed(text.substr(i, step));
    EXPECT_EQ(pieces.finish().texts(), whole) << step;
  }
}

TEST(output_splitter, repairs_bytes_where_the_json_file_driver_would) {
  for (const auto how : {output_bytes::repaired, output_bytes::as_they_are}) {
    log_store log(1 << 20);
    log_clock clock = counting_clock();
    output_splitter splitter(output_kind::standard_output, how);
    // An incomplete character of three bytes: Go replaces each.
    splitter.feed("a\xe2\x82 \xc3\xa4\n", clock, log);
    auto where = log.position(0);
    EXPECT_EQ(log.next(where)->text, how == output_bytes::repaired
                                         ? "a\xef\xbf\xbd\xef\xbf\xbd \xc3\xa4\n"
                                         : "a\xe2\x82 \xc3\xa4\n");
  }
}

TEST(log_clock, never_stamps_two_entries_alike) {
  log_clock stuck([] { return protocol::timestamp(std::chrono::nanoseconds(5)); });
  const auto first = stuck.stamp();
  EXPECT_LT(first, stuck.stamp());
  stuck.set_wrong_by(std::chrono::nanoseconds(-3));
  EXPECT_LT(stuck.stamp(), first) << "a clock that is set back goes back";
}

}  // namespace
}  // namespace spillway::sim
