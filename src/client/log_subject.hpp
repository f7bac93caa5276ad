// The log of one of an app's containers.
#pragma once

#include <string>
#include <vector>

#include "client/log_position.hpp"
#include "client/subject.hpp"

namespace spillway::client {

/// As given on the command line; empty: the server's default.
struct log_query {
  std::string app;
  std::string service;
  std::string tail;
  std::string since;
  std::string until;
  std::string replica;
  bool follow = true;
};

/// Context: one thread.
class log_subject final : public subject {
 public:
  explicit log_subject(log_query query) : query_(std::move(query)) {}

  const std::string& app() const override { return query_.app; }
  std::string target() const override;
  void begin() override { position_.begin(); }
  std::vector<shown_frame> take(shown_frame came) override;
  subject_end closed(const std::string& reason) const override;

 private:
  bool is_new(const frame& came);

  const log_query query_;
  log_position position_;
};

}  // namespace spillway::client
