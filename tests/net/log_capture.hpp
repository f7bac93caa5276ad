// What the server logs, for a test to look at.
#pragma once

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace spillway::net::testing {

/// Takes every line that is logged while it lives. Context: any thread.
class log_capture {
 public:
  log_capture() : before_(spdlog::default_logger()) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink_));
  }
  ~log_capture() { spdlog::set_default_logger(before_); }
  log_capture(const log_capture&) = delete;
  log_capture& operator=(const log_capture&) = delete;

  /// The lines that begin so, `warning [auth] …`.
  std::vector<std::string> starting_with(std::string_view prefix) const {
    auto lines = sink_->all();
    std::erase_if(lines, [&](const std::string& line) { return !line.starts_with(prefix); });
    return lines;
  }
  /// Whether these words are in any line.
  bool mentions(std::string_view words) const {
    auto lines = sink_->all();
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(words) != std::string::npos;
    });
  }

 private:
  class kept_lines : public spdlog::sinks::base_sink<std::mutex> {
   public:
    std::vector<std::string> all() {
      std::lock_guard lock(mutex_);
      return lines_;
    }

   private:
    void sink_it_(const spdlog::details::log_msg& message) override {
      auto level = spdlog::level::to_string_view(message.level);
      lines_.push_back(std::string(level.data(), level.size()) + " " +
                       std::string(message.payload.data(), message.payload.size()));
    }
    void flush_() override {}

    std::vector<std::string> lines_;
  };

  std::shared_ptr<kept_lines> sink_ = std::make_shared<kept_lines>();
  std::shared_ptr<spdlog::logger> before_;
};

}  // namespace spillway::net::testing
