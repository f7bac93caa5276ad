// A viewer as an actor: it connects, reads, leaves and comes back as its behaviour wants.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "actors/on_strand.hpp"
#include "sim/seed.hpp"
#include "sim/viewers/backoff_times.hpp"
#include "sim/viewers/crowd_messages.hpp"
#include "sim/viewers/stream_judge.hpp"
#include "sim/viewers/viewing.hpp"

namespace spillway::sim {

/// Of every behaviour but the rude one.
///
///   waiting --access_given--> connecting                        (revoked alone)
///   away --come_back--> connecting --upgraded--> watching <--read_on, stop_reading--> paused
///   connecting, watching, paused --the connection ends--> away
///   any --leave_now--> leaving --the connection ends--> gone
///
/// Frames come by a call on its strand and not by a message: at a hundred thousand a second those
/// would be most of the work. Context: its strand.
class viewer : public actors::on_strand<viewer_actor::base> {
 public:
  viewer(caf::actor_config& cfg, strand_type strand, const viewing* run, viewer_identity who,
         registrar_actor registrar);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "viewer"; }

 private:
  class relay;
  enum class state : std::uint8_t { waiting, away, connecting, watching, paused, leaving };
  enum class purpose : std::uint8_t {
    come_back,
    stop_reading,
    read_on,
    look_whether_cut,
    flap,
    give_up_upgrade,
    look_whether_starved,
    ask_for_access,
    access_overdue
  };

  void connect();
  void on_open(std::chrono::nanoseconds took);
  reading_pace on_frame(std::string_view payload, std::size_t wire_bytes);
  void on_end(const viewing_end& end);
  void on_alarm(std::uint64_t plan);
  void on_leave();
  void on_access_given(const std::string& token);
  void on_access_ended(std::chrono::steady_clock::time_point at);

  void plan_reading();
  void stop_reading();
  void read_on();
  void look_whether_cut();
  void look_whether_starved();
  void flap();
  void judge_lateness(const viewing_end& end);
  void after_end(const viewing_end& end);
  void lose_access();
  void set_alarm(std::chrono::nanoseconds time, purpose what);
  void drop_alarm();
  void ask_for_access();
  void enter(state next);
  bool is(behaviour b) const { return who_.who == b; }
  /// Between `from` and `to` of a time.
  std::chrono::nanoseconds some(std::chrono::nanoseconds time, double from, double to);

  const viewing& run_;
  const viewer_identity who_;
  draws random_;
  const watched_stream& stream_;
  const bool compressed_;
  const std::string first_tail_;
  registrar_actor registrar_;
  stream_judge judge_;
  backoff_times backoff_;
  std::shared_ptr<viewer_link> link_;
  boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, strand_type>
      timer_;
  state state_ = state::away;
  std::optional<viewer_phase> shown_;
  purpose purpose_ = purpose::come_back;
  std::uint64_t plan_ = 0;
  bool stopped_reading_ = false;
  bool told_starved_ = false;
  bool for_ever_ = false;
  std::chrono::nanoseconds debt_{};

  std::string token_;
  bool access_ends_ = false;
  bool knocked_ = false;
  std::optional<std::chrono::steady_clock::time_point> access_ended_at_;
  std::chrono::steady_clock::time_point connect_begun_;
  std::chrono::steady_clock::time_point opened_;
};

}  // namespace spillway::sim
