#include "config/size.hpp"

#include <gtest/gtest.h>

#include <random>

namespace spillway::config {
namespace {

TEST(size, reads_every_unit) {
  EXPECT_EQ(parse_size("0B"), 0u);
  EXPECT_EQ(parse_size("4096B"), 4096u);
  EXPECT_EQ(parse_size("16KiB"), 16u << 10);
  EXPECT_EQ(parse_size("4MiB"), 4u << 20);
  EXPECT_EQ(parse_size("1GiB"), 1u << 30);
}

TEST(size, refuses_what_is_none) {
  for (std::string_view text :
       {"", "16", "KiB", "-1B", "+1B", "1.5MiB", "4MB", "4M", "4 MiB", "4mib", "4MiB ", "4MiB4KiB",
        "17179869184GiB", "99999999999999999999B"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(size, is_written_in_the_largest_unit_that_divides_it) {
  EXPECT_EQ(format_size(0), "0B");
  EXPECT_EQ(format_size(1500), "1500B");
  EXPECT_EQ(format_size(16 << 10), "16KiB");
  EXPECT_EQ(format_size((4 << 20) + 1024), "4097KiB");
  EXPECT_EQ(format_size(std::size_t{3} << 30), "3GiB");
}

TEST(size, comes_back_from_its_text) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 1'000; ++i) {
    std::size_t bytes = random() >> random() % 64;
    EXPECT_EQ(parse_size(format_size(bytes)), bytes);
  }
}

}  // namespace
}  // namespace spillway::config
