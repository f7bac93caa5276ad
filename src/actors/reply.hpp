// Answers that arrive exactly once, whatever becomes of the actor that owes them.
#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace spillway::actors {

/// A callback to be called once. When the last copy goes without a call (the actor that held it
/// threw, quit or never got the message), the fallback is delivered instead. Context: any thread,
/// one caller at a time.
template <class T>
class reply {
 public:
  using handler = std::function<void(T)>;

  reply() = default;
  reply(handler on_value, T fallback)
      : owed_(std::make_shared<owed>(std::move(on_value), std::move(fallback))) {}

  void operator()(T value) const {
    if (!owed_ || !owed_->on_value) return;
    auto call = std::exchange(owed_->on_value, nullptr);
    call(std::move(value));
  }

 private:
  struct owed {
    owed(handler h, T f) : on_value(std::move(h)), fallback(std::move(f)) {}
    owed(const owed&) = delete;
    owed& operator=(const owed&) = delete;
    ~owed() {
      if (on_value) on_value(std::move(fallback));
    }
    handler on_value;
    T fallback;
  };
  std::shared_ptr<owed> owed_;
};

}  // namespace spillway::actors
