// An audit that remembers in memory.
#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "actors/ports/stream_audit.hpp"

namespace spillway::actors::testing {

/// Context: any thread, as the port says.
class fake_audit : public stream_audit {
 public:
  std::uint64_t opened(opened_stream stream) override {
    const std::lock_guard lock(mutex_);
    beginnings.push_back(std::move(stream));
    return beginnings.size();
  }
  void closed(closed_stream stream) override {
    const std::lock_guard lock(mutex_);
    ends[stream.id].push_back(std::move(stream));
  }

  /// The nth has the id n + 1.
  std::vector<opened_stream> beginnings;
  std::map<std::uint64_t, std::vector<closed_stream>> ends;

 private:
  std::mutex mutex_;
};

}  // namespace spillway::actors::testing
