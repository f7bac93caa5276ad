// Which frames of a deploy were had.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace spillway::client {

/// Every replay of a deploy is byte for byte the same, so the next connection's frames are skipped
/// as long as they are those that were had. Where they begin to differ, the transcript is shorter
/// than what was had (the server died), or another deploy runs now: from there on all is new.
/// Four bytes a frame. Context: one thread.
class deploy_position {
 public:
  /// A connection was opened.
  void begin() { next_ = 0; }
  /// A frame came that is not the final one. False where it was had before.
  bool take(std::string_view frame);

 private:
  std::vector<std::uint32_t> had_;
  std::size_t next_ = 0;
};

}  // namespace spillway::client
