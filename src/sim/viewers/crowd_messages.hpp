// Every message between the actors of the crowd: who sends it to whom, and what it means.
#pragma once

#include <caf/all.hpp>
#include <chrono>
#include <cstdint>
#include <string>

namespace spillway::sim {

/// Crowd to viewer: leave for good, within moments.
struct leave_now {};
/// Viewer to itself: the last connection has ended, and it is leaving.
struct link_over {};
/// Viewer to itself: the time it has waited for has come. Alarms of an earlier plan are void.
struct alarm_rings {
  std::uint64_t plan;
};
/// Registrar to viewer: a token to watch with.
struct access_given {
  std::string token;
};
/// Registrar to viewer: what its token gives it is being taken away from now on. The registrar has
/// not asked the server yet, so that no end comes as a surprise.
struct access_ending {};
/// Registrar to viewer: the server has said that it is so.
struct access_ended {
  std::chrono::steady_clock::time_point at;
};
/// Registrar to viewer: the server gives no access; the sentence says why.
struct access_refused {
  std::string why;
};

using viewer_actor = caf::typed_actor<caf::reacts_to<leave_now>, caf::reacts_to<link_over>,
                                      caf::reacts_to<alarm_rings>, caf::reacts_to<access_given>,
                                      caf::reacts_to<access_ending>, caf::reacts_to<access_ended>,
                                      caf::reacts_to<access_refused>>;

/// Viewer to registrar: I want access to this app, to lose it again.
struct access_wanted {
  viewer_actor viewer;
  std::string app;
};
/// Crowd to registrar: no more access is given or taken; remove what you made.
struct tidy_up {};
/// Registrar to itself: it is this viewer's turn to lose what it has, if it still does.
struct take_access {
  std::uint64_t grant;
};

using registrar_actor = caf::typed_actor<caf::reacts_to<access_wanted>, caf::reacts_to<tidy_up>,
                                         caf::reacts_to<take_access>>;

/// Deploy driver to itself: it is time for the next one.
struct deploy_one {};
using deploy_driver_actor = caf::typed_actor<caf::reacts_to<deploy_one>>;

/// Whoever runs the crowd to the crowd: the run is over; end all.
struct end_crowd {};
/// Crowd to itself: more viewers arrive.
struct let_in {};

using crowd_actor = caf::typed_actor<caf::reacts_to<end_crowd>, caf::reacts_to<let_in>>;

}  // namespace spillway::sim

// No message leaves the process, so none needs a wire format.
#define SPILLWAY_CROWD_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(spillway::sim::name)
SPILLWAY_CROWD_MESSAGE(leave_now)
SPILLWAY_CROWD_MESSAGE(link_over)
SPILLWAY_CROWD_MESSAGE(alarm_rings)
SPILLWAY_CROWD_MESSAGE(access_given)
SPILLWAY_CROWD_MESSAGE(access_ending)
SPILLWAY_CROWD_MESSAGE(access_ended)
SPILLWAY_CROWD_MESSAGE(access_refused)
SPILLWAY_CROWD_MESSAGE(access_wanted)
SPILLWAY_CROWD_MESSAGE(tidy_up)
SPILLWAY_CROWD_MESSAGE(take_access)
SPILLWAY_CROWD_MESSAGE(deploy_one)
SPILLWAY_CROWD_MESSAGE(end_crowd)
SPILLWAY_CROWD_MESSAGE(let_in)
#undef SPILLWAY_CROWD_MESSAGE
