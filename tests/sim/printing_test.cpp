#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/host/modelled_output.hpp"
#include "sim/numbered_line.hpp"

namespace spillway::sim {
namespace {

using namespace std::chrono_literals;

printing_model model_of(const char* json) {
  const auto model = parse_printing_model(nlohmann::json::parse(json), {});
  if (!model) throw std::runtime_error(model.error());
  return *model;
}

/// Lines that a container prints within a time, without the clock's part of their heads.
std::vector<std::string> lines_of(const printing_model& model, std::uint64_t seed,
                                  std::chrono::seconds time) {
  container_log log(64 << 20, log_form::raw);
  modelled_output output(model, seed, 1, true);
  const auto begun = modelled_output::time_point(1h);
  output.start(begun);
  while (output.run(begun + time, log).until == begun + time) continue;
  log_request all;
  all.standard_output = true;
  std::string text;
  const auto reader = log.open(all);
  bool last = false;
  while (!last) {
    log.read(reader, {[&](log_batch batch) {
                        text += batch.chunks;
                        last = batch.last;
                      },
                      {}});
  }
  std::vector<std::string> lines;
  for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find("\r\n#", at + 1)) {
    const auto head = text.find('@', at);
    const auto begin = text.find(' ', head) + 1;
    lines.push_back(text.substr(at, head - at) +
                    text.substr(begin, text.find("\r\n", begin) - begin));
  }
  return lines;
}

TEST(line_generator, draws_the_same_lines_from_the_same_seed) {
  for (const char* burst : {R"("even")", R"("random")", "25"}) {
    const auto model = model_of(
        (R"({"rate": 50, "line_bytes": "mixed", "burst": )" + std::string(burst) + "}").c_str());
    const auto lines = lines_of(model, 7, 10s);
    EXPECT_GT(lines.size(), 300U) << burst;
    EXPECT_LT(lines.size(), 700U) << burst;
    EXPECT_EQ(lines_of(model, 7, 10s), lines) << burst;
    EXPECT_NE(lines_of(model, 8, 10s), lines) << burst;
  }
}

TEST(line_generator, keeps_to_its_lengths) {
  line_generator lines(model_of(R"({"line_bytes": "100..120"})"), 3);
  for (int i = 0; i < 1'000; ++i) {
    std::string text = "head ";
    lines.take(text);
    ASSERT_GE(text.size(), 100U);
    ASSERT_LE(text.size(), 120U);
  }
}

TEST(printing_model, names_what_is_wrong) {
  const auto wrong = [](const char* json) {
    const auto model = parse_printing_model(nlohmann::json::parse(json), {});
    return model ? "nothing" : model.error();
  };
  EXPECT_EQ(wrong(R"({"rate": -1})"),
            "x-sim.rate: -1 is not a number of lines a second (0 to 1000000)");
  EXPECT_EQ(wrong(R"({"rats": 1})"),
            "x-sim.rats is unknown: use rate, line_bytes, burst, tty, stderr_share, exits_after or "
            "exit_code");
  EXPECT_NE(wrong(R"({"line_bytes": "9..3"})"), "nothing");
  EXPECT_NE(wrong(R"({"burst": 0})"), "nothing");
  EXPECT_NE(wrong(R"({"exit_code": 256})"), "nothing");
  EXPECT_EQ(wrong(R"({"rate": 0.5, "line_bytes": 80, "burst": "even", "tty": true})"), "nothing");
}

TEST(printing_model, is_read_as_it_was_written) {
  const auto json = nlohmann::json::parse(
      R"({"rate": 5.0, "line_bytes": "7..9", "burst": "4", "stderr_share": 0.5, "exits_after": 12,
          "exit_code": 3})");
  EXPECT_EQ(to_json(*parse_printing_model(json, {})), json);
}

class modelled : public ::testing::Test {
 protected:
  modelled() { output.start(begun); }
  modelled_output::pause run_to_the_end(std::chrono::nanoseconds after) {
    modelled_output::pause pause;
    do {
      pause = output.run(begun + after, log);
    } while (pause.until == begun + after);
    return pause;
  }
  const modelled_output::time_point begun{1h};
  container_log log{1 << 20, log_form::raw};
  modelled_output output{model_of(R"({"rate": 10, "burst": "even", "exits_after": 50})"), 1, 1,
                         false};
};

TEST_F(modelled, prints_what_is_due_and_says_when_it_goes_on) {
  const auto pause = run_to_the_end(1050ms);
  EXPECT_EQ(output.printed(), 10U);
  EXPECT_EQ(pause.until, begun + 1100ms);
  EXPECT_FALSE(pause.ended);
}

TEST_F(modelled, ends_after_as_many_lines_as_it_was_told) {
  EXPECT_TRUE(run_to_the_end(1h).ended);
  EXPECT_EQ(output.printed(), 50U);
}

TEST_F(modelled, time_in_which_it_does_not_run_does_not_count) {
  run_to_the_end(1s);
  output.stop(begun + 1s);
  output.start(begun + 100s);
  run_to_the_end(100s + 550ms);
  EXPECT_EQ(output.printed(), 15U);
}

TEST_F(modelled, a_flood_comes_at_once_and_is_numbered_with_the_rest) {
  output.flood(30);
  run_to_the_end(0s);
  EXPECT_EQ(output.printed(), 30U);
  run_to_the_end(1s);
  EXPECT_EQ(output.printed(), 40U);
}

TEST_F(modelled, a_giant_line_is_never_held_whole) {
  output.giant(64 << 20);
  const auto pause = output.run(begun, log);
  EXPECT_EQ(pause.until, begun) << "it comes in turns";
  EXPECT_LT(log.entries(), 4'096U);
  run_to_the_end(0s);
  EXPECT_EQ(output.printed(), 1U);
  EXPECT_GE(log.entries(), 4'096U);
}

TEST_F(modelled, odd_bytes_and_escapes_leave_the_head_alone) {
  output.odd_bytes_until(begun + 1h);
  output.escapes_until(begun + 1h);
  log_request all;
  all.standard_output = true;
  run_to_the_end(4s);
  std::string text;
  log.read(log.open(all), {[&](log_batch batch) { text = batch.chunks; }, {}});
  EXPECT_NE(text.find_first_of("\x1b\r\b\x9b", text.find("@")), std::string::npos);
  std::uint64_t number = 0;
  for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find("\r\n#", at + 1)) {
    const auto head = parse_head(std::string_view(text).substr(text.find('#', at)));
    if (!head) continue;
    EXPECT_EQ(head->number, ++number);
  }
  EXPECT_GT(number, 20U);
}

}  // namespace
}  // namespace spillway::sim
