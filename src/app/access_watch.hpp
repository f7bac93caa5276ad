// Ends the streams whose credentials or grants have ended.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>

#include "actors/gateway.hpp"
#include "store/access_store.hpp"

namespace spillway::app {

/// Looks four times a second whether the database knows of a change that may have ended someone's
/// access, by this process or another, then asks what the open streams hang on and ends those that
/// are no longer allowed. It has a thread and a database connection of its own, so that neither a
/// full worker pool nor a connection that waits for a lock makes it late.
///
/// Where the database cannot be read streams go on, but for those whose token or login is past its
/// end: nobody could have revoked anything there. Everything is checked again once it can be read.
///
/// Context: the main thread. The gateway outlives it.
class access_watch {
 public:
  using clock = std::function<protocol::timestamp()>;

  access_watch(std::shared_ptr<store::database> db, actors::gateway& gateway,
               clock now = std::chrono::system_clock::now,
               std::chrono::milliseconds period = std::chrono::milliseconds(250));
  ~access_watch();
  access_watch(const access_watch&) = delete;
  access_watch& operator=(const access_watch&) = delete;

 private:
  using access_list = std::vector<actors::held_access_ptr>;

  void run();
  void look();
  void end_those_of(std::span<const actors::held_access_ptr> portion_of_all);
  bool is_stopping();
  std::uint64_t present_version();
  std::optional<access_list> ask(std::uint64_t version);
  bool has_ended(const actors::held_access& held);
  void note(const store::error& failed);
  bool pause();

  store::access_store store_;
  actors::gateway& gateway_;
  const clock now_;
  const std::chrono::milliseconds period_;
  /// In the last look the database failed.
  bool failing_ = false;
  bool failed_now_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace spillway::app
