// `spillway logs` and `spillway process-logs`.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "client/session.hpp"
#include "client/subject.hpp"

namespace spillway::client {

/// Follows something until it ends or Ctrl-C. Context: the main thread.
class log_session final : public session {
 public:
  log_session(session_options options, std::unique_ptr<subject> what);

 private:
  boost::asio::awaitable<int> work() override;

  const std::unique_ptr<subject> what_;
  follower follower_;
};

}  // namespace spillway::client
