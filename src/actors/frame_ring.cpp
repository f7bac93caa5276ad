#include "actors/frame_ring.hpp"

namespace spillway::actors {

sequence frame_ring::append(std::string_view payload) {
  const sequence at = frames_.append(payload, protocol::payload_form::plain);
  while (at != first() && (bytes() > bounds_.bytes || end() - first() > bounds_.frames)) {
    frames_.drop_before(first() + 1);
  }
  return at;
}

}  // namespace spillway::actors
