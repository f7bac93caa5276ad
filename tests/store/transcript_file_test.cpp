#include "store/transcript_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "support/temp_dir.hpp"

namespace spillway::store {
namespace {

class transcript_file_test : public testing::Test {
 protected:
  transcript_file with(std::string_view bytes) {
    test::write_file(path, bytes);
    return *transcript_file::open(path);
  }

  const test::temp_dir dir;
  const std::filesystem::path path = dir / "d1.ndjson";
};

TEST_F(transcript_file_test, a_new_one_is_private_and_made_once) {
  ASSERT_TRUE(transcript_file::create(path));
  struct stat made {};
  ASSERT_EQ(::stat(path.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777, 0600u);
  EXPECT_EQ(transcript_file::create(path).error().code, errc::unavailable);
}

TEST_F(transcript_file_test, one_that_is_missing_is_not_found) {
  EXPECT_EQ(transcript_file::open(path).error().code, errc::not_found);
  EXPECT_EQ(transcript_file::open_for_reading(path).error().code, errc::not_found);
}

TEST_F(transcript_file_test, what_was_appended_is_in_the_file_at_once) {
  auto file = *transcript_file::create(path);
  ASSERT_TRUE(file.append("one\n"));
  ASSERT_TRUE(file.append("two\n"));
  EXPECT_EQ(test::read_file(path), "one\ntwo\n");
}

TEST_F(transcript_file_test, reads_whole_lines_up_to_the_bound) {
  const auto file = with("one\ntwo\nthree\n");
  const auto first = *file.read(0, 10);
  EXPECT_EQ(first.frames, "one\ntwo\n");
  EXPECT_FALSE(first.at_end);
  const auto second = *file.read(8, 10);
  EXPECT_EQ(second.frames, "three\n");
  EXPECT_TRUE(second.at_end);
}

TEST_F(transcript_file_test, reads_at_least_one_line_however_small_the_bound) {
  const std::string line = std::string(10'000, 'x') + "\n";
  const auto file = with(line + "two\n");
  for (std::size_t bound : {0u, 1u, 9'999u, 10'001u}) {
    const auto part = *file.read(0, bound);
    EXPECT_EQ(part.frames.substr(0, line.size()), line) << bound;
    EXPECT_EQ(part.at_end, part.frames.size() == line.size() + 4) << bound;
  }
}

TEST_F(transcript_file_test, every_way_to_read_in_parts_gives_the_same_bytes) {
  std::string all;
  for (int i = 0; i < 40; ++i) all += std::string(static_cast<std::size_t>(i * 7 % 23), 'x') + "\n";
  const auto file = with(all);
  for (std::size_t bound = 1; bound < 60; ++bound) {
    std::string joined;
    for (bool at_end = false; !at_end;) {
      const auto part = *file.read(joined.size(), bound);
      ASSERT_TRUE(part.at_end || !part.frames.empty());
      joined += part.frames;
      at_end = part.at_end;
    }
    EXPECT_EQ(joined, all) << bound;
  }
}

TEST_F(transcript_file_test, a_line_that_is_being_written_is_not_read_yet) {
  const auto file = with("one\ntw");
  const auto part = *file.read(0, 100);
  EXPECT_EQ(part.frames, "one\n");
  EXPECT_TRUE(part.at_end);
  EXPECT_EQ(file.read(4, 1)->frames, "");
  EXPECT_TRUE(file.read(4, 1)->at_end);
}

TEST_F(transcript_file_test, past_the_end_is_the_end) {
  const auto file = with("one\n");
  for (std::uint64_t offset : {4ull, 5ull, ~0ull}) {
    EXPECT_EQ(file.read(offset, 10)->frames, "");
    EXPECT_TRUE(file.read(offset, 10)->at_end);
  }
}

TEST_F(transcript_file_test, a_torn_last_line_is_cut_off) {
  for (const auto& [before, after] : {std::pair("one\ntw", "one\n"), std::pair("one\n", "one\n"),
                                      std::pair("on", ""), std::pair("", "")}) {
    ASSERT_TRUE(with(before).drop_torn_line());
    EXPECT_EQ(test::read_file(path), after);
  }
}

TEST_F(transcript_file_test, a_torn_line_longer_than_one_block_is_cut_off_whole) {
  ASSERT_TRUE(with("one\n" + std::string(200'000, 'x')).drop_torn_line());
  EXPECT_EQ(test::read_file(path), "one\n");
}

TEST_F(transcript_file_test, finds_the_last_line) {
  const std::string long_line(200'000, 'x');
  for (const auto& [bytes, line] : {std::pair<std::string, std::string>("one\ntwo\n", "two"),
                                    {"one\n", "one"},
                                    {"", ""},
                                    {"on", ""},
                                    {"\n", ""},
                                    {"one\n" + long_line + "\n", long_line}})
    EXPECT_EQ(*with(bytes).last_line(), line);
}

TEST_F(transcript_file_test, a_write_that_fails_half_way_leaves_no_part_and_no_hole_behind_it) {
  auto file = *transcript_file::create(path);
  ASSERT_TRUE(file.append("one\n"));
  // A limit on the size of files stands for a full disk.
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 10, before.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto appended = file.append(std::string(100, 'x') + "\n");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);

  ASSERT_FALSE(appended);
  EXPECT_NE(appended.error().message.find("d1.ndjson"), std::string::npos);
  EXPECT_EQ(test::read_file(path), "one\n");
  EXPECT_FALSE(file.append("three\n"));
  EXPECT_EQ(test::read_file(path), "one\n");
}

TEST_F(transcript_file_test, a_symbolic_link_is_not_followed) {
  test::write_file(dir / "elsewhere", "one\n");
  std::filesystem::create_symlink(dir / "elsewhere", path);
  EXPECT_FALSE(transcript_file::open(path));
}

}  // namespace
}  // namespace spillway::store
