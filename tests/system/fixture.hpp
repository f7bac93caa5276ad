// What the suites share: one server a suite, its output printed where a test failed.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "system/compose_stand_in.hpp"
#include "system/server.hpp"

namespace spillway::system_test {

/// A suite of tests on one server. `Suite` names its settings: `static setting_values settings()`.
template <class Suite>
class on_one_server : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<server>(Suite::settings()); }
  static void TearDownTestSuite() { server_.reset(); }

  void TearDown() override {
    if (!HasFailure() || !server_) return;
    auto text = server_->output();
    constexpr std::size_t most = 20'000;
    if (text.size() > most) text.erase(0, text.size() - most);
    std::cerr << "--- the server's output ---\n" << text << "---\n";
  }

  static server& spillway() {
    if (!server_) throw std::runtime_error("there is no server, see the failure above");
    return *server_;
  }

  /// A name that no other test of this run uses.
  static std::string new_slug(const std::string& stem = "app") {
    static int number = 0;
    return stem + std::to_string(++number);
  }

 private:
  static inline std::unique_ptr<server> server_;
};

inline std::string deploy_logs(const std::string& slug) {
  return "/api/apps/" + slug + "/deploy-logs";
}

inline std::string logs(const std::string& slug, const std::string& query = "") {
  return "/api/apps/" + slug + "/logs" + (query.empty() ? "" : "?" + query);
}

inline const std::string process_log = "/api/system/process-logs/stream";

/// Asks again and again, for what cannot tell by itself that it came to pass.
inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

/// Expects a close frame with this code and reason.
inline void expect_ending(viewer& of, unsigned code, const std::string& reason) {
  const auto end = of.wait_closed();
  ASSERT_TRUE(end) << "the stream did not end";
  EXPECT_TRUE(end->close_frame) << "the connection went away without a close frame: " << end->error;
  EXPECT_EQ(end->code, code) << end->reason;
  EXPECT_EQ(end->reason, reason);
}

/// The numbers of frames whose `key` is `line N`; -1 for every other frame, a notice for one.
inline std::vector<long> line_numbers(const std::vector<std::string>& frames) {
  std::vector<long> numbers;
  for (const auto& frame : frames) {
    const auto line = text_of(frame, "line");
    numbers.push_back(line.starts_with("line ") ? std::stol(line.substr(5)) : -1);
  }
  return numbers;
}

/// Expects numbers that rise by one from `first`, with none missing and none twice.
inline void expect_consecutive(const std::vector<long>& numbers, long first) {
  for (std::size_t i = 0; i < numbers.size(); ++i)
    ASSERT_EQ(numbers[i], first + static_cast<long>(i)) << "at frame " << i;
}

}  // namespace spillway::system_test
