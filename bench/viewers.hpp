// The load: many viewers over raw sockets, read by one thread as cheaply as it can be done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/frame_counter.hpp"
#include "bench/unique_fd.hpp"

namespace spillway::bench {

enum class reading : std::uint8_t {
  normal,
  /// Looked at before every read of another viewer, so that a small group's latency is not that of
  /// a large group's reading.
  prompt,
  /// Never: a viewer that is stuck.
  none
};

struct viewer_kind {
  std::uint16_t port = 0;
  std::string path;
  /// Empty for a server that wants none.
  std::string token;
  reading how = reading::normal;
  bool offers_compression = false;
};

/// Viewers that differ in nothing. Context: the thread that runs them.
class viewer_group {
 public:
  std::size_t size() const { return viewers_.size(); }
  /// Viewers that have come so far, those who have left among them.
  std::size_t upgraded() const { return open_; }
  /// Whether the one who came first of those who are still there is upgraded. The group must not be
  /// empty.
  bool longest_is_upgraded() const { return viewers_.front()->upgraded; }
  /// Viewers that have had, or were told that they missed, the line before `goal`.
  std::size_t reached() const { return reached_; }
  /// Viewers that have had a line.
  std::size_t begun() const { return begun_; }
  bool compressed() const { return compressed_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t skipped() const;
  std::uint64_t gaps() const;
  /// Viewers whose connection has ended. Asks the kernel, so it knows also of those that are stuck.
  std::size_t gone() const;
  const histogram& latency() const { return tally_.latency; }
  std::uint64_t frames() const { return tally_.frames; }
  /// Pings received; each is answered.
  std::uint64_t pings() const { return tally_.pings; }

  /// Counts from here, where everyone has had every line before `next`: every viewer is to get all
  /// lines before `goal`.
  void begin(std::uint32_t next, std::uint32_t goal, std::uint32_t sample_every);

 private:
  friend class viewer_pool;
  struct viewer {
    viewer_group* group = nullptr;
    unique_fd fd;
    bool upgraded = false;
    bool thorough = false;
    bool reached = false;
    bool begun = false;
    viewer_tally tally;
    /// The beginning of a frame, or of the answer to the upgrade.
    std::string partial;
    std::unique_ptr<message_inflater> inflater;
  };

  viewer_kind kind_;
  std::vector<std::unique_ptr<viewer>> viewers_;
  std::size_t wanted_ = 0;
  std::size_t open_ = 0;
  std::size_t reached_ = 0;
  std::size_t begun_ = 0;
  bool compressed_ = false;
  std::uint64_t bytes_ = 0;
  std::uint32_t goal_ = 0;
  bool has_goal_ = false;
  group_tally tally_;
  frame_counter counter_{tally_};
};

/// Context: one thread, the same for every call.
class viewer_pool {
 public:
  viewer_pool();
  ~viewer_pool();

  /// Connects `count` viewers, `in_flight` upgrades at a time, and returns when all are upgraded.
  /// Throws `failure` where one is refused or they are not done in time.
  viewer_group& open(const viewer_kind& kind, std::size_t count, std::size_t in_flight = 64);
  /// An empty group, for viewers that come one by one.
  viewer_group& add_group(const viewer_kind& kind);
  /// Connects one viewer and does not wait for it. Not within `run_until`, but in its `done`.
  void arrive(viewer_group& group) { connect(group); }
  /// The viewer that came first of those who are still there leaves. Like `arrive`.
  void leave_longest(viewer_group& group);
  /// Reads until `done` or the deadline; returns whether it is done.
  bool run_until(const std::function<bool()>& done, double seconds);
  void run_for(double seconds);
  /// The viewers of this group leave, and the group is no more.
  void close(const viewer_group& group);

 private:
  using viewer = viewer_group::viewer;

  void turn(int timeout_ms);
  void drain_prompt();
  void connect(viewer_group& group);
  void on_ready(viewer& v, std::uint32_t events);
  void send_upgrade(viewer& v);
  void receive(viewer& v);
  std::size_t finish_upgrade(viewer& v, std::string_view bytes);
  void take_frames(viewer& v, std::string_view bytes);
  void watch(viewer& v, std::uint32_t events, int operation);
  int epoll_of(const viewer& v) const;

  unique_fd epoll_;
  unique_fd prompt_epoll_;
  bool has_prompt_ = false;
  std::vector<char> buffer_;
  std::vector<std::unique_ptr<viewer_group>> groups_;
};

}  // namespace spillway::bench
