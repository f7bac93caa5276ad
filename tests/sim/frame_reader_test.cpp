#include "sim/viewers/frame_reader.hpp"

#include <gmock/gmock.h>

namespace spillway::sim {
namespace {

class frame_reader_test : public ::testing::Test {
 protected:
  using enum frame_shape;

  frame_shape shape(std::string_view json, stream_kind kind) {
    return reader_.read(json, kind).shape;
  }
  frame_reader reader_;
};

TEST_F(frame_reader_test, reads_the_frames_of_logs) {
  const auto& line =
      reader_.read(R"({"ts": "2026-04-17T10:15:01.444Z", "stream": "stdout", "line": "a \"b\" ü"})",
                   stream_kind::logs);
  EXPECT_EQ(line.shape, log_line);
  EXPECT_EQ(line.text, "a \"b\" ü");
  EXPECT_EQ(line.at, "2026-04-17T10:15:01.444Z");
  const auto& notice = reader_.read(
      R"({"ts": "2026-04-17T10:15:01Z", "stream": "stderr", "line": "x", "skipped": 1532})",
      stream_kind::logs);
  EXPECT_EQ(notice.shape, skip_notice);
  EXPECT_EQ(notice.skipped, 1532U);
  EXPECT_EQ(shape(R"({"error": "container not found"})", stream_kind::logs), error);
  EXPECT_EQ(reader_.read(R"({"error": "no"})", stream_kind::logs).text, "no");
}

TEST_F(frame_reader_test, reads_the_frames_of_deploys) {
  const auto kind = stream_kind::deploy_logs;
  EXPECT_EQ(shape(R"({"timestamp": "t", "action": "up", "output": "x", "done": false})", kind),
            deploy_line);
  const auto& end = reader_.read(
      R"({"timestamp": "t", "action": "up", "output": "", "done": true, "status": "failed",)"
      R"( "exit_code": -1})",
      kind);
  EXPECT_EQ(end.shape, deploy_end);
  EXPECT_EQ(end.status, "failed");
  EXPECT_EQ(end.exit_code, -1);
  EXPECT_EQ(shape(R"({"done": true, "action": "none"})", kind), no_deploy);
}

TEST_F(frame_reader_test, reads_lines_of_the_process_log) {
  const auto& line =
      reader_.read(R"("2026-04-17T10:14:32.118Z [api] x")", stream_kind::process_logs);
  EXPECT_EQ(line.shape, process_line);
  EXPECT_EQ(line.text, "2026-04-17T10:14:32.118Z [api] x");
}

TEST_F(frame_reader_test, takes_nothing_else) {
  for (const char* json :
       {"", "{", "null", "7", "[]", R"({})", R"("a string")",
        R"({"stream": "stdout", "ts": "t", "line": "x"})", R"({"ts": "t", "line": "x"})",
        R"({"ts": "t", "stream": "stdin", "line": "x"})",
        R"({"ts": 7, "stream": "stdout", "line": "x"})",
        R"({"ts": "t", "stream": "stdout", "line": "x", "more": 1})",
        R"({"ts": "t", "stream": "stdout", "line": "x", "skipped": -1})",
        R"({"ts": "t", "stream": "stdout", "line": {}})",
        R"({"ts": "t", "stream": "stdout", "line": "x"} )"
        R"({})",
        "{\"ts\": \"t\", \"stream\": \"stdout\", \"line\": \"\xff\"}"}) {
    const auto& read = reader_.read(json, stream_kind::logs);
    EXPECT_EQ(read.shape, broken) << json;
    EXPECT_FALSE(read.text.empty()) << json;
  }
  EXPECT_EQ(shape(R"({"timestamp": "t", "action": "up", "output": "x", "done": true})",
                  stream_kind::deploy_logs),
            broken);
  EXPECT_EQ(shape(R"({"done": true, "action": "up"})", stream_kind::deploy_logs), broken);
  EXPECT_EQ(shape(R"({"line": "x"})", stream_kind::process_logs), broken);
}

}  // namespace
}  // namespace spillway::sim
