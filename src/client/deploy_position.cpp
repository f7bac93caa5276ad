#include "client/deploy_position.hpp"

#include <functional>

namespace spillway::client {

bool deploy_position::take(std::string_view frame) {
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(frame));
  if (next_ < had_.size() && had_[next_] == hash) {
    ++next_;
    return false;
  }
  had_.resize(next_);
  had_.push_back(hash);
  ++next_;
  return true;
}

}  // namespace spillway::client
