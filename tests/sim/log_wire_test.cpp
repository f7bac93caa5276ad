#include "sim/host/log_wire.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/docker_wire.hpp"

namespace spillway::sim {
namespace {

const protocol::timestamp ten_seconds{std::chrono::nanoseconds(10'000'000'001)};
const std::string stamp = "1970-01-01T00:00:10.000000001Z ";

std::string wire(const log_entry& entry, log_form form, bool timestamps) {
  std::string out;
  append_log_chunk(out, entry, form, timestamps);
  return out;
}

TEST(log_wire, puts_a_header_of_eight_bytes_before_each_entry) {
  const log_entry entry{ten_seconds, output_kind::standard_error, "line\n"};
  EXPECT_EQ(wire(entry, log_form::multiplexed, false),
            test::http_chunk(test::log_frame("line\n", 2)));
  EXPECT_EQ(wire(entry, log_form::multiplexed, true),
            test::http_chunk(test::log_frame(stamp + "line\n", 2)));
}

TEST(log_wire, counts_lengths_beyond_a_byte) {
  const std::string text(300, 'x');
  EXPECT_EQ(wire({ten_seconds, output_kind::standard_output, text}, log_form::multiplexed, true),
            test::http_chunk(test::log_frame(stamp + text, 1)));
}

TEST(log_wire, of_a_terminal_is_the_text_alone) {
  const log_entry entry{ten_seconds, output_kind::standard_output, "line\r\n"};
  EXPECT_EQ(wire(entry, log_form::raw, false), test::http_chunk("line\r\n"));
  EXPECT_EQ(wire(entry, log_form::raw, true), test::http_chunk(stamp + "line\r\n"));
}

}  // namespace
}  // namespace spillway::sim
