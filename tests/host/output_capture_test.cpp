#include "host/output_capture.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <iostream>

#include "protocol/utf8.hpp"

namespace spillway::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::UnorderedElementsAre;

constexpr std::chrono::seconds deadline{20};

/// What the sink was handed. Context: any thread.
class sink_recorder {
 public:
  output_capture::sink sink() {
    return [this](std::vector<std::string> lines) {
      const std::lock_guard lock(mutex_);
      ++offers_;
      changed_.notify_all();
      if (full_) return false;
      lines_.insert(lines_.end(), lines.begin(), lines.end());
      return true;
    };
  }
  void set_full(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
  }
  bool wait_for_lines(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, deadline, [&] { return lines_.size() >= count; });
  }
  bool wait_for_offer() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, deadline, [&] { return offers_ > 0; });
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::size_t offers_ = 0;
  bool full_ = false;
};

/// A descriptor to be captured, and the far end of where it leads.
struct outlet {
  enum class kind { pipe, socket };
  explicit outlet(kind k = kind::pipe) {
    int ends[2];
    const int failed = k == kind::pipe ? ::pipe(ends) : ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    EXPECT_EQ(failed, 0);
    far.reset(ends[0]);
    near.reset(ends[1]);
  }
  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = ::write(near.get(), text.data(), text.size());
      ASSERT_GT(n, 0);
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  /// Reads until `end` has come.
  std::string read_up_to(std::string_view end) const {
    std::string all;
    char chunk[4096];
    while (!all.ends_with(end)) {
      const ssize_t n = ::read(far.get(), chunk, sizeof chunk);
      if (n <= 0) break;
      all.append(chunk, static_cast<std::size_t>(n));
    }
    return all;
  }
  unique_fd far;
  unique_fd near;
};

class output_capture_test : public ::testing::Test {
 protected:
  void capture(output_capture::options o = {}) {
    o.out = out_.near.get();
    o.err = err_.near.get();
    auto started = output_capture::start(o);
    ASSERT_TRUE(started) << started.error();
    capture_ = std::move(*started);
  }
  static std::string numbered(int from, int to) {
    std::string all;
    for (int i = from; i < to; ++i) all += "line " + std::to_string(i) + "\n";
    return all;
  }
  /// The N of `… [spillway] N lines lost`, or 0.
  static std::size_t told_loss(const std::string& line) {
    const std::size_t at = line.find("[spillway] ");
    if (at == std::string::npos || !line.ends_with(" lines lost")) return 0;
    return std::stoul(line.substr(at + 11));
  }

  outlet out_;
  outlet err_;
  sink_recorder seen_;
  std::unique_ptr<output_capture> capture_;
};

TEST_F(output_capture_test, hands_lines_to_the_sink_and_to_where_they_were_meant_to_go) {
  capture();
  capture_->set_sink(seen_.sink());
  out_.write("one\ntw");
  err_.write("error\n");
  out_.write("o\n");
  ASSERT_TRUE(seen_.wait_for_lines(3));
  EXPECT_THAT(seen_.lines(), UnorderedElementsAre("one", "two", "error"));
  EXPECT_EQ(out_.read_up_to("two\n"), "one\ntwo\n");
  EXPECT_EQ(err_.read_up_to("error\n"), "error\n");
}

TEST_F(output_capture_test, keeps_lines_for_a_sink_that_comes_later) {
  capture();
  out_.write("early\n");
  EXPECT_EQ(out_.read_up_to("early\n"), "early\n");
  capture_->set_sink(seen_.sink());
  ASSERT_TRUE(seen_.wait_for_lines(1));
  out_.write("late\n");
  ASSERT_TRUE(seen_.wait_for_lines(2));
  EXPECT_THAT(seen_.lines(), ElementsAre("early", "late"));
}

TEST_F(output_capture_test, keeps_the_first_lines_and_counts_the_others_while_there_is_no_sink) {
  output_capture::options o;
  o.max_early_bytes = 30;
  capture(o);
  out_.write(numbered(0, 10));  // 7 bytes each with their newline
  out_.read_up_to("line 9\n");
  // When a later line has passed, those before it are kept or lost.
  err_.write("mark\n");
  err_.read_up_to("mark\n");
  capture_->set_sink(seen_.sink());
  capture_->stop();
  const auto kept = seen_.lines();
  ASSERT_GE(kept.size(), 5U);
  EXPECT_EQ(kept[3], "line 3");
  EXPECT_GE(told_loss(kept[4]), 6U);  // 7 where the sink came after the mark
  EXPECT_EQ(4 + told_loss(kept[4]) + (kept.size() - 5), 11U);
}

TEST_F(output_capture_test, tells_exactly_how_many_lines_a_full_sink_has_lost) {
  capture();
  seen_.set_full(true);
  capture_->set_sink(seen_.sink());
  out_.write(numbered(0, 1000));
  out_.read_up_to("line 999\n");
  ASSERT_TRUE(seen_.wait_for_offer());
  seen_.set_full(false);
  out_.write("after\n");
  capture_->stop();
  const auto kept = seen_.lines();
  // It may have become free before the last of them was offered: lost and seen make a thousand.
  std::size_t accounted = 0;
  for (const std::string& line : kept) {
    const std::size_t lost = told_loss(line);
    accounted += lost > 0 ? lost : 1;
  }
  EXPECT_EQ(accounted, 1001U);
  EXPECT_GT(told_loss(kept.front()), 0U);
  EXPECT_EQ(kept.back(), "after");
  EXPECT_THAT(kept.front(),
              MatchesRegex("....-..-..T..:..:..\\....Z \\[spillway\\] [0-9]+ lines lost"));
}

TEST_F(output_capture_test, tells_a_loss_though_no_further_line_comes) {
  capture();
  seen_.set_full(true);
  capture_->set_sink(seen_.sink());
  out_.write("lost\n");
  ASSERT_TRUE(seen_.wait_for_offer());
  seen_.set_full(false);
  ASSERT_TRUE(seen_.wait_for_lines(1));
  EXPECT_EQ(told_loss(seen_.lines()[0]), 1U);
}

class stuck_original_test : public output_capture_test {
 protected:
  /// Nobody reads the far end of stdout until everything has reached the sink.
  void flood_a_stuck_original() {
    output_capture::options o;
    o.max_backlog_bytes = 100 * 1000;
    capture(o);
    capture_->set_sink(seen_.sink());
    constexpr int count = 200'000;
    out_.write(numbered(0, count));
    err_.write("still alive\n");
    ASSERT_TRUE(seen_.wait_for_lines(count + 1));
    EXPECT_EQ(err_.read_up_to("\n"), "still alive\n");

    std::istringstream text(out_.read_up_to("line 199999\n"));
    int next = 0;
    int notices = 0;
    for (std::string line; std::getline(text, line);) {
      if (const std::size_t lost = told_loss(line); lost > 0) {
        ++notices;
        next += static_cast<int>(lost);
      } else {
        ASSERT_EQ(line, "line " + std::to_string(next));
        ++next;
      }
    }
    EXPECT_EQ(notices, 1);
    EXPECT_EQ(next, count);
  }
};

TEST_F(stuck_original_test, a_pipe_holds_nothing_up_and_its_loss_is_told_with_an_exact_count) {
  flood_a_stuck_original();
}

TEST_F(stuck_original_test, a_socket_holds_nothing_up_and_its_loss_is_told_with_an_exact_count) {
  out_ = outlet(outlet::kind::socket);
  flood_a_stuck_original();
}

TEST_F(output_capture_test, leaves_the_blocking_mode_of_the_original_alone) {
  const unique_fd shared(::dup(out_.near.get()));
  capture();
  out_.write("line\n");
  out_.read_up_to("\n");
  EXPECT_EQ(::fcntl(shared.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(output_capture_test, gives_the_descriptors_back_after_all_was_passed_on) {
  capture();
  capture_->set_sink(seen_.sink());
  out_.write(numbered(0, 100) + "no newline");
  capture_->stop();
  EXPECT_EQ(seen_.lines().size(), 101U);
  EXPECT_EQ(seen_.lines().back(), "no newline");
  EXPECT_EQ(out_.read_up_to("no newline\n"), numbered(0, 100) + "no newline\n");
  out_.write("direct\n");
  EXPECT_EQ(out_.read_up_to("direct\n"), "direct\n");
  capture_->stop();
  EXPECT_EQ(seen_.lines().size(), 101U);
}

TEST_F(output_capture_test, stops_though_an_original_is_stuck) {
  capture();
  out_.write(numbered(0, 100'000));
  capture_->stop();
  SUCCEED();
}

TEST_F(output_capture_test, stops_though_another_process_holds_the_pipe) {
  capture();
  capture_->set_sink(seen_.sink());
  const unique_fd held(::dup(out_.near.get()));
  out_.write("line\n");
  capture_->stop();
  EXPECT_THAT(seen_.lines(), ElementsAre("line"));
}

TEST_F(output_capture_test, cuts_a_line_that_is_too_long) {
  output_capture::options o;
  o.max_line_bytes = 1000;
  capture(o);
  capture_->set_sink(seen_.sink());
  out_.write(std::string(5000, 'x') + "\nnext\n");
  ASSERT_TRUE(seen_.wait_for_lines(2));
  EXPECT_THAT(seen_.lines()[0], HasSubstr("x [spillway] line cut, "));
  EXPECT_EQ(seen_.lines()[1], "next");
}

TEST_F(output_capture_test, goes_on_when_nobody_reads_the_original_any_more) {
  capture();
  capture_->set_sink(seen_.sink());
  out_.far.reset();
  out_.write("one\n");
  ASSERT_TRUE(seen_.wait_for_lines(1));
  out_.write("two\n");
  ASSERT_TRUE(seen_.wait_for_lines(2));
}

TEST_F(output_capture_test, passes_lines_on_to_a_file) {
  std::FILE* file = std::tmpfile();
  out_.near.reset(::dup(fileno(file)));
  capture();
  std::string all = numbered(0, 50'000);
  out_.write(all);
  capture_->stop();
  std::string written(all.size() + 1, ' ');
  EXPECT_EQ(::pread(fileno(file), written.data(), written.size(), 0), all.size());
  written.resize(all.size());
  EXPECT_EQ(written, all);
  std::fclose(file);
}

TEST_F(output_capture_test, catches_what_stdio_iostreams_and_plain_writes_print) {
  std::fflush(nullptr);
  const unique_fd real_out(::dup(1));
  const unique_fd real_err(::dup(2));
  ::dup2(out_.near.get(), 1);
  ::dup2(err_.near.get(), 2);
  auto started = output_capture::start({});
  if (started) {
    (*started)->set_sink(seen_.sink());
    std::printf("stdio\n");
    std::cout << "iostream" << std::endl;
    EXPECT_EQ(::write(2, "plain\n", 6), 6);
    (*started)->stop();
  }
  ::dup2(real_out.get(), 1);
  ::dup2(real_err.get(), 2);
  ASSERT_TRUE(started);
  EXPECT_THAT(seen_.lines(), UnorderedElementsAre("stdio", "iostream", "plain"));
}

}  // namespace
}  // namespace spillway::host
