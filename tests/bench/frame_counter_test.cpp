#include "bench/frame_counter.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>

#include "bench/line_maker.hpp"
#include "bench/stop_request.hpp"
#include "protocol/docker_log_parser.hpp"
#include "protocol/frames.hpp"
#include "protocol/ws_frame.hpp"

namespace spillway::bench {
namespace {

std::string framed(const std::string& payload) {
  std::array<char, protocol::max_ws_header_size> header{};
  const auto size = protocol::write_text_header(header.data(), payload.size());
  return std::string(header.data(), size) + payload;
}

/// JSON of the lines `from` to before `to`, as a server makes it from the feeder's entries.
std::vector<std::string> json_lines(std::uint32_t from, std::uint32_t to,
                                    std::int64_t sent_us = 1000) {
  line_maker maker(160, 1);
  std::string entries;
  for (auto n = from; n < to; ++n) maker.append_entry(entries, n, sent_us, {});
  protocol::docker_log_parser parser(protocol::log_framing::multiplexed, 1024);
  protocol::log_lines lines;
  EXPECT_TRUE(parser.feed(entries, lines));
  std::vector<std::string> made(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) protocol::append_log_frame(made[i], lines[i]);
  return made;
}

std::string frames(std::uint32_t from, std::uint32_t to) {
  std::string bytes;
  for (const auto& json : json_lines(from, to)) bytes += framed(json);
  return bytes;
}

std::string notice(std::uint64_t count) {
  std::string json;
  protocol::append_log_skip_frame(json, {}, count);
  return framed(json);
}

class FrameCounter : public ::testing::Test {
 protected:
  /// As a socket hands bytes out: `piece` at a time, what is left of a frame kept for the next one.
  void receive(const std::string& bytes, std::size_t piece = std::string::npos) {
    for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size())) {
      kept_ += bytes.substr(at, piece);
      kept_.erase(0, counter_.take(kept_, now_us_, thorough_, viewer_, inflater_));
    }
  }

  group_tally group_;
  frame_counter counter_{group_};
  viewer_tally viewer_;
  message_inflater* inflater_ = nullptr;
  bool thorough_ = false;
  std::int64_t now_us_ = 5000;
  std::string kept_;
};

TEST_F(FrameCounter, counts_lines_however_the_bytes_are_split) {
  const auto bytes = frames(7, 40);
  for (std::size_t piece : {1U, 2U, 3U, 235U, 236U, 500U, 100'000U}) {
    group_.frames = 0;
    viewer_ = {};
    receive(bytes, piece);
    EXPECT_EQ(group_.frames, 33U) << "pieces of " << piece;
    EXPECT_EQ(viewer_.next, 40U) << "pieces of " << piece;
    EXPECT_EQ(viewer_.gaps, 0U) << "pieces of " << piece;
  }
}

TEST_F(FrameCounter, sees_a_missing_line_between_two_reads) {
  receive(frames(0, 5));
  receive(frames(6, 9));
  EXPECT_EQ(viewer_.gaps, 1U);
  EXPECT_EQ(viewer_.next, 9U);
}

TEST_F(FrameCounter, sees_a_missing_line_within_one_read) {
  receive(frames(0, 1));
  receive(frames(1, 5) + frames(6, 9));
  EXPECT_GE(viewer_.gaps, 1U);
}

TEST_F(FrameCounter, sees_a_line_that_came_twice) {
  receive(frames(0, 1));
  receive(frames(1, 5) + frames(4, 9));
  EXPECT_GE(viewer_.gaps, 1U);
}

TEST_F(FrameCounter, sees_two_swapped_lines_when_it_is_thorough) {
  thorough_ = true;
  receive(frames(0, 1));
  receive(frames(1, 3) + frames(4, 5) + frames(3, 4) + frames(5, 6));
  EXPECT_GE(viewer_.gaps, 1U);
}

TEST_F(FrameCounter, takes_a_notice_of_skipped_lines_for_those_lines) {
  receive(frames(0, 5) + notice(1532) + frames(1537, 1540));
  EXPECT_EQ(viewer_.skipped, 1532U);
  EXPECT_EQ(viewer_.gaps, 0U);
  EXPECT_EQ(viewer_.next, 1540U);
}

TEST_F(FrameCounter, a_notice_that_tells_too_little_leaves_a_gap) {
  receive(frames(0, 5) + notice(3) + frames(10, 12));
  EXPECT_EQ(viewer_.gaps, 1U);
}

TEST_F(FrameCounter, measures_the_time_since_a_line_was_sent) {
  receive(frames(0, 1));
  EXPECT_EQ(group_.latency.count(), 1U);
  EXPECT_EQ(group_.latency.max(), 4000U);
}

TEST_F(FrameCounter, measures_every_line_whose_number_is_due) {
  receive(frames(0, 1));
  group_.latency = {};
  group_.sample_every = 8;
  receive(frames(1, 33), 1000);
  EXPECT_EQ(group_.latency.count(), 4U) << "lines 8, 16, 24 and 32";
}

TEST_F(FrameCounter, answers_a_ping_with_its_payload) {
  receive(std::string("\x89\x02hi", 4));
  EXPECT_EQ(viewer_.answers, std::string("\x8a\x82\0\0\0\0hi", 8));
  EXPECT_EQ(group_.pings, 1U);
}

TEST_F(FrameCounter, keeps_the_code_of_a_close_frame) {
  receive(std::string("\x88\x02\x03\xe8", 4));
  EXPECT_EQ(viewer_.close_code, 1000);
}

TEST_F(FrameCounter, an_error_frame_ends_the_run) {
  EXPECT_THROW(receive(framed(R"({"error": "container not found"})")), failure);
}

/// A server's compressed frames, one deflate stream for all.
class deflated_frames {
 public:
  deflated_frames() { deflateInit2(&stream_, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY); }
  ~deflated_frames() { deflateEnd(&stream_); }

  std::string frame(std::string message) {
    std::string out(message.size() + 64, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(message.data());
    stream_.avail_in = static_cast<uInt>(message.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream_, Z_SYNC_FLUSH);
    out.resize(out.size() - stream_.avail_out - 4);
    auto bytes = framed(out);
    bytes[0] = static_cast<char>(0xc1);
    return bytes;
  }

 private:
  z_stream stream_{};
};

TEST_F(FrameCounter, inflates_and_checks_compressed_lines) {
  message_inflater inflater;
  inflater_ = &inflater;
  deflated_frames deflated;
  std::string bytes;
  const auto lines = json_lines(0, 9);
  for (std::size_t n : {0, 1, 2, 3, 5, 6}) bytes += deflated.frame(lines[n]);
  receive(bytes, 50);
  EXPECT_EQ(group_.compressed_frames, 6U);
  EXPECT_EQ(viewer_.next, 7U);
  EXPECT_EQ(viewer_.gaps, 1U) << "line 4 is missing";
}

TEST_F(FrameCounter, counts_compressed_frames_that_it_does_not_inflate) {
  deflated_frames deflated;
  receive(frames(0, 3));
  for (const auto& json : json_lines(3, 9)) receive(deflated.frame(json));
  EXPECT_EQ(viewer_.unread, 6U);
  EXPECT_EQ(viewer_.next, 9U);
}

TEST_F(FrameCounter, what_does_not_inflate_ends_the_run) {
  message_inflater inflater;
  inflater_ = &inflater;
  auto bytes = framed("\xff\xff\xff\xff");
  bytes[0] = static_cast<char>(0xc1);
  EXPECT_THROW(receive(bytes), failure);
}

}  // namespace
}  // namespace spillway::bench
