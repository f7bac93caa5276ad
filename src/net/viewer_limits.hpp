// How many viewers there may be.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tl/expected.hpp>

namespace spillway::net {

enum class limit_reached : std::uint8_t { server, user };

/// A place among the viewers; given back when its last share goes.
using viewer_ticket = std::shared_ptr<const void>;

/// Context: any thread.
class viewer_limits : public std::enable_shared_from_this<viewer_limits> {
 public:
  viewer_limits(std::uint32_t max_viewers, std::uint32_t max_viewers_per_user)
      : max_(max_viewers), max_per_user_(max_viewers_per_user) {}

  /// `limits.max_viewers` is looked at before `limits.max_viewers_per_user`.
  tl::expected<viewer_ticket, limit_reached> acquire(const std::string& user);
  std::uint32_t count() const;

 private:
  void release(const std::string& user);

  const std::uint32_t max_;
  const std::uint32_t max_per_user_;
  mutable std::mutex mutex_;
  std::uint32_t count_ = 0;
  std::map<std::string, std::uint32_t> per_user_;
};

}  // namespace spillway::net
