#include "actors/batch_builder.hpp"

#include <utility>

#include "protocol/ws_frame.hpp"

namespace spillway::actors {

void batch_builder::add(std::string_view payload) {
  char header[protocol::max_ws_header_size];
  bytes_.append(header, protocol::write_text_header(header, payload.size()));
  bytes_ += payload;
  ++frames_;
}

slice batch_builder::finish_slice() {
  auto owner = std::make_shared<const std::string>(std::exchange(bytes_, {}));
  frames_ = 0;
  return {owner, *owner};
}

batch_ptr batch_builder::finish() {
  auto made = std::make_shared<batch>();
  made->frames = frames_;
  made->slices.push_back(finish_slice());
  made->bytes = made->slices.front().bytes.size();
  return made;
}

}  // namespace spillway::actors
