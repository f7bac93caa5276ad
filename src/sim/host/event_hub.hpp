// The Engine's events, for whoever watches them.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spillway::sim {

/// Context: any thread.
class event_hub {
 public:
  /// Those of one watcher. Full, it takes no more and has ended: the watcher was too slow.
  class feed {
   public:
    /// `wake` is called whenever there is something new, from any thread.
    explicit feed(std::function<void()> wake) : wake_(std::move(wake)) {}
    std::optional<std::string> take();
    bool ended() const;

   private:
    friend class event_hub;
    void put(const std::string& event);

    static constexpr std::size_t most = 4096;
    std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::deque<std::string> events_;
    bool full_ = false;
  };

  std::shared_ptr<feed> watch(std::function<void()> wake);
  void publish(const std::string& event);

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<feed>> feeds_;
};

}  // namespace spillway::sim
