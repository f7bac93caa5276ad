#include "protocol/frames.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "protocol/utf8.hpp"

namespace spillway::protocol {
namespace {

using json = nlohmann::ordered_json;

const timestamp frame_time = *parse_rfc3339("2026-04-17T10:14:32.118000007Z");

template <class Append, class... Args>
std::string written(Append append, Args&&... args) {
  std::string out;
  append(out, std::forward<Args>(args)...);
  return out;
}

log_line make_log_line(std::string_view text, output_stream stream) {
  return {frame_time, stream, text, 0};
}

TEST(frames, of_a_deploy_have_the_fields_of_the_reference_in_order) {
  EXPECT_EQ(written(append_deploy_frame, frame_time, "pull", "Pulling web (nginx:1.27)..."),
            R"({"timestamp": "2026-04-17T10:14:32.118Z", "action": "pull", )"
            R"("output": "Pulling web (nginx:1.27)...", "done": false})");
}

TEST(frames, at_the_end_of_a_deploy_tell_how_it_ended) {
  EXPECT_EQ(written(append_deploy_final_frame, frame_time, "up", "failed", 17),
            R"({"timestamp": "2026-04-17T10:14:32.118Z", "action": "up", "output": "", )"
            R"("done": true, "status": "failed", "exit_code": 17})");
  EXPECT_EQ(json::parse(written(append_deploy_final_frame, frame_time, "up", "cancelled",
                                -15))["exit_code"],
            -15);
}

TEST(frames, without_a_deploy_have_two_keys) {
  EXPECT_EQ(written(append_no_deploy_frame), R"({"done": true, "action": "none"})");
}

TEST(frames, of_a_log_line_carry_dockers_nanoseconds_and_the_stream) {
  EXPECT_EQ(written(append_log_frame,
                    make_log_line("request 200 GET /healthz", output_stream::standard_output)),
            R"({"ts": "2026-04-17T10:14:32.118000007Z", "stream": "stdout", )"
            R"("line": "request 200 GET /healthz"})");
  EXPECT_EQ(written(append_log_frame, make_log_line("", output_stream::standard_error)),
            R"({"ts": "2026-04-17T10:14:32.118000007Z", "stream": "stderr", "line": ""})");
}

TEST(frames, of_a_skip_tell_the_count_in_text_and_as_a_number) {
  EXPECT_EQ(written(append_log_skip_frame, frame_time, 1532u),
            R"({"ts": "2026-04-17T10:14:32.118000007Z", "stream": "stderr", )"
            R"("line": "[spillway] 1532 lines skipped, this viewer is too slow", )"
            R"("skipped": 1532})");
  EXPECT_EQ(written(append_process_log_skip_frame, frame_time, 1532u),
            R"("2026-04-17T10:14:32.118Z [spillway] 1532 lines skipped, this viewer is too slow")");
}

TEST(frames, of_a_skip_know_the_singular) {
  EXPECT_EQ(json::parse(written(append_log_skip_frame, frame_time, 1u))["line"],
            "[spillway] 1 line skipped, this viewer is too slow");
  EXPECT_EQ(written(append_process_log_skip_frame, frame_time, 1u),
            R"("2026-04-17T10:14:32.118Z [spillway] 1 line skipped, this viewer is too slow")");
}

TEST(frames, of_a_skip_can_count_everything) {
  auto frame = json::parse(written(append_log_skip_frame, frame_time, ~std::uint64_t{0}));
  EXPECT_EQ(frame["skipped"], ~std::uint64_t{0});
}

TEST(frames, of_the_process_log_are_json_strings) {
  EXPECT_EQ(written(append_process_log_frame,
                    "2026-04-17T10:14:32.118Z [api] handled GET \"/api/apps\" in 4.2ms"),
            R"("2026-04-17T10:14:32.118Z [api] handled GET \"/api/apps\" in 4.2ms")");
}

TEST(frames, of_an_error_have_one_key) {
  EXPECT_EQ(written(append_error_frame, "container not found"),
            R"({"error": "container not found"})");
}

TEST(frames, are_appended_behind_what_is_there) {
  std::string out = "header";
  append_error_frame(out, "x");
  append_no_deploy_frame(out);
  EXPECT_EQ(out, R"(header{"error": "x"}{"done": true, "action": "none"})");
}

TEST(json_string, escapes_what_json_demands_and_nothing_else) {
  EXPECT_EQ(written(append_json_string, "\"\\\b\f\n\r\t\x01\x1f\x1b[0m"),
            R"("\"\\\b\f\n\r\t\u0001\u001f\u001b[0m")");
  EXPECT_EQ(written(append_json_string, std::string_view{"\0", 1}), R"("\u0000")");
  EXPECT_EQ(written(append_json_string, "a/b\x7f é € 😀 \u2028"), "\"a/b\x7f é € 😀 \u2028\"");
}

TEST(json_string, repairs_what_is_not_utf8) {
  EXPECT_EQ(written(append_json_string, "a\xFF\xE2\x82z"), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST(json_string, notices_every_byte_at_every_place) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, '!');  // beside the quote, where a careless trick goes wrong
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(json::parse(written(append_json_string, text)), repaired_utf8(text))
            << size << " " << place << " " << byte;
      }
    }
  }
}

TEST(json_string, means_what_another_library_reads_for_any_bytes) {
  std::mt19937 random{5};
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 40, ' ');
    bool ascii = random() % 2 == 0;
    for (char& byte : text) byte = static_cast<char>(random() % (ascii ? 0x80 : 0x100));
    std::string frame =
        written(append_log_frame, make_log_line(text, output_stream::standard_error));
    json read = json::parse(frame);
    json expected{{"ts", format_rfc3339_nano(frame_time)},
                  {"stream", "stderr"},
                  {"line", repaired_utf8(text)}};
    ASSERT_EQ(read, expected) << frame;
    ASSERT_EQ(read.dump(), expected.dump()) << "the order of fields";
    ASSERT_EQ(json::parse(written(append_deploy_frame, frame_time, "up", text))["output"],
              repaired_utf8(text));
  }
}

}  // namespace
}  // namespace spillway::protocol
