// Batches that share nothing: notices, error frames, one viewer's own history.
#pragma once

#include <string>
#include <string_view>

#include "actors/batch.hpp"

namespace spillway::actors {

/// Frames payloads into one piece of memory. Context: any one thread.
class batch_builder {
 public:
  void add(std::string_view payload);
  bool empty() const { return frames_ == 0; }
  std::size_t bytes() const { return bytes_.size(); }
  /// The frames as one slice; the builder is then empty.
  slice finish_slice();
  batch_ptr finish();

 private:
  std::string bytes_;
  std::uint64_t frames_ = 0;
};

}  // namespace spillway::actors
