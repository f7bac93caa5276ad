// The server's own log.
#pragma once

#include <string>
#include <vector>

#include "client/process_log_position.hpp"
#include "client/subject.hpp"

namespace spillway::client {

/// Context: one thread.
class process_log_subject final : public subject {
 public:
  const std::string& app() const override { return no_app_; }
  std::string target() const override { return "/api/system/process-logs/stream"; }
  void begin() override { position_.begin(); }
  std::vector<shown_frame> take(shown_frame came) override;
  subject_end closed(const std::string&) const override { return {}; }
  bool keeps_back() const override { return position_.keeps_back(); }
  std::vector<shown_frame> give_up() override;

 private:
  const std::string no_app_;
  process_log_position position_;
};

}  // namespace spillway::client
