#include "app/access_watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>

#include "store/database.hpp"

namespace spillway::app {
namespace {

/// Everything is to be checked.
constexpr std::uint64_t unknown_version = 0;
/// How often to look whether the watch is to end, while the actors owe an answer.
constexpr std::chrono::milliseconds answer_step{50};
/// Tokens and logins that are checked before those among them that have ended are acted on.
constexpr std::size_t portion = 256;

}  // namespace

access_watch::access_watch(std::shared_ptr<store::database> db, actors::gateway& gateway, clock now,
                           std::chrono::milliseconds period)
    : store_(std::move(db)),
      gateway_(gateway),
      now_(std::move(now)),
      period_(period),
      thread_([this] { run(); }) {}

access_watch::~access_watch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void access_watch::run() {
  do {
    look();
  } while (pause());
}

/// False when the watch is to end.
bool access_watch::pause() {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, period_, [this] { return stopping_; });
}

void access_watch::look() {
  failed_now_ = false;
  const auto to_check = ask(present_version());
  if (!to_check) return;
  // In portions: the first who lost access are not to wait for the check of all others.
  for (std::size_t from = 0; from < to_check->size() && !is_stopping(); from += portion) {
    const auto rest = std::span(*to_check).subspan(from);
    end_those_of(rest.first(std::min(portion, rest.size())));
  }
  if (failing_ && !failed_now_) spdlog::info("[access] access of open streams is checked again");
  failing_ = failed_now_;
}

void access_watch::end_those_of(std::span<const actors::held_access_ptr> portion_of_all) {
  access_list ended;
  for (const auto& held : portion_of_all) {
    if (has_ended(*held)) ended.push_back(held);
  }
  if (!ended.empty()) gateway_.end_access(std::move(ended));
}

bool access_watch::is_stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

/// Read before the streams are asked for: a change that comes later is found the next time.
std::uint64_t access_watch::present_version() {
  // What could not be checked the last time is to be checked now, whatever has changed since.
  const bool all = failing_;
  const auto version = store_.version();
  if (version && !all) return *version;
  if (!version) note(version.error());
  return unknown_version;
}

std::optional<access_watch::access_list> access_watch::ask(std::uint64_t version) {
  const auto answer = std::make_shared<std::promise<access_list>>();
  auto list = answer->get_future();
  gateway_.access_to_check(version, now_(),
                           [answer](access_list held) { answer->set_value(std::move(held)); });
  while (list.wait_for(answer_step) != std::future_status::ready) {
    if (is_stopping()) return std::nullopt;
  }
  return list.get();
}

bool access_watch::has_ended(const actors::held_access& held) {
  const auto now = now_();
  if (held.valid_until && *held.valid_until <= now) return true;
  if (failed_now_) return false;
  const auto who = store_.find(held.credential, now);
  if (!who) {
    note(who.error());
    return false;
  }
  if (!*who) return true;
  return decide(**who, held.needed, held.app ? &*held.app : nullptr) != protocol::decision::allowed;
}

/// Told once, not four times a second.
void access_watch::note(const store::error& failed) {
  if (!failing_ && !failed_now_)
    spdlog::error("[access] access of open streams cannot be checked: {}", failed.message);
  failed_now_ = true;
}

}  // namespace spillway::app
