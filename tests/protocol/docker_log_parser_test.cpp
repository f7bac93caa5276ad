#include "protocol/docker_log_parser.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

constexpr std::size_t docker_part = 16384;
constexpr std::size_t max_line = 256 * 1024;
constexpr auto from_out = output_stream::standard_output;
constexpr auto from_err = output_stream::standard_error;

timestamp at(int second, int nanosecond = 118000000) {
  return timestamp{std::chrono::seconds{1'700'000'000 + second} +
                   std::chrono::nanoseconds{nanosecond}};
}

std::string entry(timestamp when, std::string_view bytes) {
  return format_rfc3339_nano(when) + ' ' + std::string{bytes};
}

std::string frame(output_stream stream, std::string_view payload) {
  std::string header(8, '\0');
  header[0] = stream == from_err ? 2 : 1;
  for (int i = 0; i < 4; ++i) header[7 - i] = static_cast<char>(payload.size() >> (8 * i) & 0xff);
  return header + std::string{payload};
}

struct owned_line {
  timestamp at;
  output_stream stream;
  std::string text;
  std::uint64_t identity;
  bool operator==(const owned_line&) const = default;
};

struct parsed {
  std::vector<owned_line> lines;
  std::optional<std::string> error;
  std::uint64_t entries = 0;
};

/// Feeds `bytes` in pieces whose sizes `next_size` says.
template <class NextSize>
parsed parse(log_framing format, std::string_view bytes, NextSize next_size,
             std::size_t longest = max_line) {
  docker_log_parser parser{format, longest};
  log_lines lines;
  parsed result;
  tl::expected<void, std::string> fed;
  while (!bytes.empty() && fed) {
    std::string_view piece = bytes.substr(0, next_size());
    bytes.remove_prefix(piece.size());
    // A copy of its own, so that the address sanitizer sees a view that outlives it.
    fed = parser.feed(std::string{piece}, lines);
  }
  if (fed) fed = parser.finish(lines);
  if (!fed) result.error = fed.error();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    log_line l = lines[i];
    result.lines.push_back({l.at, l.stream, std::string{l.text}, l.identity});
  }
  result.entries = parser.entries();
  return result;
}

parsed parse_whole(log_framing format, std::string_view bytes, std::size_t longest = max_line) {
  return parse(
      format, bytes, [&] { return bytes.size(); }, longest);
}

std::vector<std::string> texts(const parsed& p) {
  std::vector<std::string> result;
  for (const owned_line& l : p.lines) result.push_back(l.text);
  return result;
}

using strings = std::vector<std::string>;
constexpr auto multiplexed = log_framing::multiplexed;
constexpr auto raw = log_framing::raw;

TEST(docker_log_parser, reads_lines_of_both_streams_with_dockers_timestamps) {
  parsed p = parse_whole(multiplexed, frame(from_out, entry(at(1), "one\n")) +
                                          frame(from_err, entry(at(2, 7), "two\n")) +
                                          frame(from_out, entry(at(3), "\n")));
  ASSERT_EQ(texts(p), (strings{"one", "two", ""}));
  EXPECT_EQ(p.lines[0].stream, from_out);
  EXPECT_EQ(p.lines[1].stream, from_err);
  EXPECT_EQ(p.lines[0].at, at(1));
  EXPECT_EQ(p.lines[1].at, at(2, 7));
  EXPECT_EQ(p.entries, 3u);
  EXPECT_FALSE(p.error);
}

TEST(docker_log_parser, keeps_a_carriage_return_without_a_tty_and_removes_it_with_one) {
  EXPECT_EQ(texts(parse_whole(multiplexed, frame(from_out, entry(at(1), "a\r\n")))),
            strings{"a\r"});
  parsed p = parse_whole(raw, entry(at(1), "a\r\n") + entry(at(2), "b\r\r\n"));
  EXPECT_EQ(texts(p), (strings{"a", "b\r"}));
  EXPECT_EQ(p.lines[1].stream, from_out);
  EXPECT_EQ(p.lines[1].at, at(2));
}

TEST(docker_log_parser, joins_the_parts_of_a_long_line_of_each_stream_apart) {
  const std::string a(docker_part, 'a');
  const std::string b(docker_part, 'b');
  parsed p =
      parse_whole(multiplexed, frame(from_out, entry(at(1), a)) + frame(from_err, entry(at(2), b)) +
                                   frame(from_err, entry(at(3), "\n")) +
                                   frame(from_out, entry(at(4), "end\n")));
  ASSERT_EQ(p.lines.size(), 2u);
  EXPECT_EQ(p.lines[0].text, b);
  EXPECT_EQ(p.lines[0].at, at(2));
  EXPECT_EQ(p.lines[1].text, a + "end");
  EXPECT_EQ(p.lines[1].at, at(1));
  EXPECT_EQ(p.entries, 4u);
}

TEST(docker_log_parser, joins_the_parts_of_a_long_line_of_a_tty) {
  const std::string a(docker_part, 'a');
  const std::string b = std::string(docker_part - 1, 'b') + '\r';
  parsed p = parse_whole(
      raw, entry(at(1), a) + entry(at(2), b) + entry(at(3), "\n") + entry(at(4), "next\r\n"));
  ASSERT_EQ(p.lines.size(), 2u);
  EXPECT_EQ(p.lines[0].text, a + b.substr(0, b.size() - 1));
  EXPECT_EQ(p.lines[0].at, at(1));
  EXPECT_EQ(p.lines[1].text, "next");
  EXPECT_EQ(p.entries, 4u);
}

TEST(docker_log_parser, takes_a_timestamp_elsewhere_in_a_tty_line_for_text) {
  const std::string stamp = entry(at(9), "");
  parsed p = parse_whole(raw, entry(at(1), "x" + stamp + "y\r\n"));
  EXPECT_EQ(texts(p), strings{"x" + stamp + "y"});
  const std::string wrong = "2026-13-17T10:14:32.118000000Z ";
  p = parse_whole(raw, entry(at(1), std::string(docker_part, 'a') + wrong + "b\r\n"));
  EXPECT_EQ(texts(p), strings{std::string(docker_part, 'a') + wrong + "b"});
}

TEST(docker_log_parser, takes_a_short_entry_without_newline_for_a_whole_line) {
  parsed p = parse_whole(multiplexed, frame(from_out, entry(at(1), "prompt> ")) +
                                          frame(from_out, entry(at(2), "x\n")));
  EXPECT_EQ(texts(p), (strings{"prompt> ", "x"}));
}

TEST(docker_log_parser, hands_over_what_no_newline_ended_at_the_end) {
  const std::string a(docker_part, 'a');
  EXPECT_EQ(texts(parse_whole(multiplexed, frame(from_out, entry(at(1), a)))), strings{a});
  EXPECT_EQ(texts(parse_whole(raw, entry(at(1), "half"))), strings{"half"});
  EXPECT_EQ(texts(parse_whole(raw, entry(at(1), a + "2026-"))), strings{a + "2026-"});
  EXPECT_EQ(texts(parse_whole(raw, "2026-")), strings{"2026-"});
  EXPECT_EQ(texts(parse_whole(raw, "")), strings{});
}

TEST(docker_log_parser, gives_a_line_read_from_its_middle_the_identity_of_the_whole) {
  const std::string first = entry(at(1), std::string(docker_part, 'a'));
  const std::string last = entry(at(2), "end\r\n");
  auto tty_whole = parse_whole(raw, first + last).lines.at(0);
  auto tty_middle = parse_whole(raw, last).lines.at(0);
  EXPECT_EQ(tty_whole.identity, tty_middle.identity);
  auto whole = parse_whole(multiplexed, frame(from_err, first) + frame(from_err, last)).lines.at(0);
  auto middle = parse_whole(multiplexed, frame(from_err, last)).lines.at(0);
  EXPECT_EQ(whole.identity, middle.identity);
  // The limit on a line's length has no say in it either.
  auto cut =
      parse_whole(multiplexed, frame(from_err, first) + frame(from_err, last), 2).lines.at(0);
  EXPECT_EQ(cut.identity, whole.identity);
}

TEST(docker_log_parser, tells_lines_apart_by_time_stream_and_bytes) {
  auto identity = [](output_stream stream, timestamp when, const char* text) {
    return parse_whole(multiplexed, frame(stream, entry(when, text))).lines.at(0).identity;
  };
  const std::uint64_t one = identity(from_out, at(1, 1), "a\n");
  EXPECT_EQ(one, identity(from_out, at(1, 1), "a\n"));
  EXPECT_NE(one, identity(from_out, at(1, 2), "a\n"));
  EXPECT_NE(one, identity(from_err, at(1, 1), "a\n"));
  EXPECT_NE(one, identity(from_out, at(1, 1), "b\n"));
}

TEST(docker_log_parser, cuts_a_long_line_between_characters_and_says_so) {
  auto line_of = [](std::string_view text) {
    return texts(parse_whole(multiplexed, frame(from_out, entry(at(1), text)), 10)).at(0);
  };
  EXPECT_EQ(line_of("0123456789\n"), "0123456789");
  EXPECT_EQ(line_of("0123456789a\n"), "0123456789 [spillway] line cut, 1 bytes dropped");
  EXPECT_EQ(line_of("012345678\xC3\xA4\n"), "012345678 [spillway] line cut, 2 bytes dropped");
  EXPECT_EQ(line_of("01234567\xC3\xA4z\n"),
            "01234567\xC3\xA4 [spillway] line cut, 1 bytes dropped");
  EXPECT_EQ(line_of("0123456\xF0\x9F\x98\x80!\n"), "0123456 [spillway] line cut, 5 bytes dropped");
  // What is no UTF-8 anyway is not made worse.
  EXPECT_EQ(line_of("01234567\x80\xBFz\n"),
            "01234567\x80\xBF [spillway] line cut, 1 bytes dropped");
  EXPECT_EQ(texts(parse_whole(raw, entry(at(1), "0123456789\r\n"), 10)), strings{"0123456789"});
}

TEST(docker_log_parser, streams_a_huge_line_through_and_keeps_only_its_start) {
  docker_log_parser parser{raw, 1000};
  log_lines lines;
  const std::string part = entry(at(1), std::string(docker_part, 'x'));
  constexpr std::size_t parts = 4096;
  for (std::size_t i = 0; i < parts; ++i) ASSERT_TRUE(parser.feed(part, lines));
  EXPECT_TRUE(lines.empty());
  ASSERT_TRUE(parser.feed(entry(at(2), "\r\n"), lines));
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].text, std::string(1000, 'x') + " [spillway] line cut, " +
                               std::to_string(parts * docker_part - 1000) + " bytes dropped");
}

TEST(docker_log_parser, takes_an_entry_without_timestamp_whole_at_the_time_of_the_one_before) {
  parsed p =
      parse_whole(multiplexed, frame(from_out, entry(at(5), "a\n")) + frame(from_out, "no time\n") +
                                   frame(from_out, "2026-04-17T") + frame(from_out, ""));
  ASSERT_EQ(texts(p), (strings{"a", "no time", "2026-04-17T"}));
  EXPECT_EQ(p.lines[1].at, at(5));
  EXPECT_EQ(p.entries, 3u);
  p = parse_whole(raw, entry(at(5), "a\r\n") + "no time\r\n" + entry(at(6), "b\r\n"));
  ASSERT_EQ(texts(p), (strings{"a", "no time", "b"}));
  EXPECT_EQ(p.lines[1].at, at(5));
}

TEST(docker_log_parser, reads_a_timestamp_with_an_offset) {
  parsed p = parse_whole(multiplexed, frame(from_out, "2023-11-15T00:13:21.118000000+02:00 x\n"));
  ASSERT_EQ(texts(p), strings{"x"});
  EXPECT_EQ(p.lines[0].at, at(1));
}

TEST(docker_log_parser, refuses_what_is_no_frame) {
  EXPECT_EQ(parse_whole(multiplexed, std::string("\4\0\0\0\0\0\0\1x", 9)).error,
            "the log has a frame header that is not Docker's");
  EXPECT_EQ(parse_whole(multiplexed, std::string("\1\0\1\0\0\0\0\1x", 9)).error,
            "the log has a frame header that is not Docker's");
  EXPECT_EQ(parse_whole(multiplexed, std::string("\1\0\0\0\x2b\xc0\0\0", 8)).error,
            "the log has a frame that claims 734003200 bytes");
}

TEST(docker_log_parser, fails_where_the_engine_reports_an_error_of_its_own) {
  EXPECT_EQ(parse_whole(multiplexed, std::string("\3\0\0\0\0\0\0\1x", 9)).error,
            "docker could not read the container's log");
}

TEST(docker_log_parser, fails_when_a_frame_is_torn_at_any_byte_but_gives_the_lines_before_it) {
  const std::string whole = frame(from_out, entry(at(1), "one\n"));
  const std::string torn = frame(from_out, entry(at(2), "two\n"));
  for (std::size_t n = 1; n < torn.size(); ++n) {
    parsed p = parse_whole(multiplexed, whole + torn.substr(0, n));
    EXPECT_EQ(p.error, "the log ended within a frame") << n;
    EXPECT_EQ(texts(p), strings{"one"}) << n;
  }
}

/// What Docker would send for `text` and a newline.
std::string as_docker_sends(log_framing format, output_stream stream, int second,
                            std::string text) {
  text += format == raw ? "\r\n" : "\n";
  std::string bytes;
  for (int part = 0; !text.empty(); ++part) {
    // The newline itself does not count: a line of exactly the split size is split all the same.
    std::string piece = text.substr(0, text.size() > docker_part ? docker_part : text.size());
    text.erase(0, piece.size());
    std::string e = entry(at(second, part), piece);
    bytes += format == raw ? e : frame(stream, e);
  }
  return bytes;
}

TEST(docker_log_parser, finds_the_same_lines_however_the_bytes_are_cut) {
  std::mt19937 random{20260417};
  auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
  };
  for (log_framing format : {multiplexed, raw}) {
    for (int round = 0; round < 60; ++round) {
      std::string bytes;
      std::vector<std::string> expected;
      for (int i = 0; i < 12; ++i) {
        const std::size_t sizes[] = {0, 1 + below(90), docker_part - 2 + below(5), below(70000)};
        std::string text(sizes[below(4)], ' ');
        for (char& c : text) c = "ab:Z\xC3\xA4 0"[below(8)];
        bytes += as_docker_sends(format, below(2) ? from_out : from_err, i, text);
        expected.push_back(text);
      }
      parsed whole = parse_whole(format, bytes);
      ASSERT_FALSE(whole.error);
      ASSERT_EQ(texts(whole), expected);
      const std::size_t largest = 1 + below(below(2) ? 50 : 40000);
      parsed pieces = parse(format, bytes, [&] { return 1 + below(largest); });
      ASSERT_EQ(pieces.lines, whole.lines);
      ASSERT_EQ(pieces.entries, whole.entries);
    }
  }
}

TEST(docker_log_parser, survives_garbage) {
  std::mt19937 random{7};
  auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
  };
  for (int round = 0; round < 3000; ++round) {
    log_framing format = round % 2 ? raw : multiplexed;
    std::string bytes = as_docker_sends(format, from_out, 1, std::string(below(200), 'x')) +
                        as_docker_sends(format, from_err, 2, std::string(below(20000), 'y'));
    for (std::size_t i = below(20); i > 0; --i) {
      bytes[below(bytes.size())] = static_cast<char>(below(256));
    }
    if (below(3) == 0) bytes.erase(below(bytes.size()));
    parsed whole = parse_whole(format, bytes, 5000);
    parsed pieces = parse(
        format, bytes, [&] { return 1 + below(500); }, 5000);
    ASSERT_EQ(whole.lines, pieces.lines);
    ASSERT_EQ(whole.error, pieces.error);
    for (const owned_line& l : whole.lines) ASSERT_LE(l.text.size(), 5100u);
  }
}

}  // namespace
}  // namespace spillway::protocol
