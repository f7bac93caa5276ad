#include "actors/deploy_queue.hpp"

#include <algorithm>
#include <caf/send.hpp>

#include "actors/actor_errors.hpp"

namespace spillway::actors {

namespace {

using deploy_queue_pointer = deploy_queue_actor::stateful_pointer<deploy_queue_state>;

/// Takes a broker out of the line; the first to move up gets the slot, the rest their new place.
template <class Matches>
void leave_line(deploy_queue_pointer self, Matches matches) {
  auto& st = self->state;
  const auto found = std::find_if(st.line.begin(), st.line.end(), matches);
  if (found == st.line.end()) return;
  self->demonitor(found->address());
  auto moved = static_cast<std::size_t>(found - st.line.begin());
  st.line.erase(found);
  for (; moved < st.line.size(); ++moved) {
    if (moved + 1 < st.slots) continue;  // had a slot before
    if (moved + 1 == st.slots) {
      caf::anon_send(st.line[moved], slot_granted{});
    } else {
      caf::anon_send(st.line[moved], place_in_line{moved + 1 - st.slots});
    }
  }
}

}  // namespace

deploy_queue_actor::behavior_type deploy_queue(deploy_queue_pointer self, std::size_t slots) {
  log_exceptions(*self, deploy_queue_state::name);
  self->state.slots = slots;
  self->set_down_handler([self](caf::down_msg& down) {
    leave_line(self, [&](const auto& broker) { return broker.address() == down.source; });
  });
  return {
      [self](const acquire_slot& m) {
        auto& st = self->state;
        self->monitor(m.broker);
        st.line.push_back(m.broker);
        if (st.line.size() <= st.slots) {
          caf::anon_send(m.broker, slot_granted{});
        } else {
          caf::anon_send(m.broker, place_in_line{st.line.size() - st.slots});
        }
      },
      [self](const release_slot& m) {
        leave_line(self, [&](const auto& broker) { return broker == m.broker; });
      },
  };
}

}  // namespace spillway::actors
