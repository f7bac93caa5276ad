#include "actors/handover.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <caf/send.hpp>
#include <exception>
#include <utility>

#include "actors/session.hpp"

namespace spillway::actors {

namespace {

/// What waits on one session's strand runs here, too: its failure is not that of the others.
void hand_over(session_actor to, batch_ptr frames) {
  try {
    session::hand_over(std::move(to), std::move(frames));
  } catch (const std::exception& e) {
    spdlog::error("[actors] a connection's handler failed: {}", e.what());
  }
}

}  // namespace

void handover::add(const session_actor& to, batch_ptr frames) {
  const auto* strand = session::behind(to).strand();
  if (!strand) return caf::anon_send(to, deliver{std::move(frames)});
  if (!threads_) threads_ = strand->get_inner_executor();
  if (group_.capacity() < group_size) group_.reserve(group_size);
  group_.push_back({to, std::move(frames)});
  if (group_.size() == group_size) flush();
}

void handover::flush() {
  if (group_.empty()) return;
  boost::asio::post(*threads_, [group = std::exchange(group_, {})]() mutable {
    for (parcel& each : group) hand_over(std::move(each.to), std::move(each.frames));
  });
}

void handover::afterwards(const std::function<void()>& next) {
  if (!threads_) return next();
  boost::asio::post(*threads_, next);
}

}  // namespace spillway::actors
