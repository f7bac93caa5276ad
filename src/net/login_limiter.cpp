#include "net/login_limiter.hpp"

#include <algorithm>

#include "net/access_log.hpp"
#include "net/address_block.hpp"

namespace spillway::net {
namespace {

/// No user has a longer name; one that is longer is cut, so that an entry stays small.
constexpr std::size_t max_name = 80;

std::string key_of(std::string_view user, const boost::asio::ip::address& client) {
  auto key = block_of(client).to_string() + ' ';
  for (char c : user.substr(0, max_name)) {
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return key;
}

failure refused(std::string_view why, std::chrono::steady_clock::duration wait) {
  // Rounded up: a client that waits so long must not be early.
  auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(1));
  auto count = std::to_string(seconds.count());
  return {429,
          std::string(why) + ", try again in " + count + (count == "1" ? " second" : " seconds"),
          seconds};
}

}  // namespace

result<void> login_limiter::count_attempt(const boost::asio::ip::address& client) {
  std::lock_guard lock(mutex_);
  const auto now = now_();
  forget_the_useless(now);
  auto& tried = clients_.at(block_of(client).to_string());
  if (auto at = tried.room_at(now, attempts_); at > now) {
    return tl::unexpected(refused("too many logins from this address", at - now));
  }
  tried.add(now, attempts_);
  return {};
}

result<login_attempt> login_limiter::begin(std::string_view user,
                                           const boost::asio::ip::address& client) {
  const auto key = key_of(user, client);
  std::lock_guard lock(mutex_);
  const auto now = now_();
  forget_the_useless(now);
  auto& record = users_.at(key);
  if (now < record.locked_until) {
    return tl::unexpected(
        refused("too many failed logins as this user", record.locked_until - now));
  }
  if (record.failures.within(now, lockout_) + record.under_way >= lockout_.count) {
    return tl::unexpected(
        refused("other logins as this user are under way", std::chrono::seconds(1)));
  }
  ++record.under_way;
  return login_attempt(shared_from_this(), user, client);
}

/// In one step: between giving a place back and counting the failure another attempt could begin.
bool login_limiter::end(const std::string& key, outcome how) {
  std::lock_guard lock(mutex_);
  const auto now = now_();
  auto& record = users_.at(key);
  if (record.under_way > 0) --record.under_way;
  if (how == outcome::right) record.failures.clear();
  if (how != outcome::wrong) return false;
  record.failures.add(now, lockout_);
  if (record.failures.within(now, lockout_) < lockout_.count) return false;
  record.failures.clear();
  record.locked_until = now + lockout_.window;
  return true;
}

void login_limiter::forget_the_useless(time_point now) {
  clients_.drop_oldest_while(
      [&](sliding_count& tried) { return tried.within(now, attempts_) == 0; });
  users_.drop_oldest_while([&](user_record& record) {
    return record.under_way == 0 && now >= record.locked_until &&
           record.failures.within(now, lockout_) == 0;
  });
}

login_attempt::~login_attempt() {
  if (limiter_) limiter_->end(key_of(user_, client_), login_limiter::outcome::untold);
}

void login_attempt::succeeded() {
  auto limiter = std::exchange(limiter_, nullptr);
  if (limiter) limiter->end(key_of(user_, client_), login_limiter::outcome::right);
}

void login_attempt::failed() {
  auto limiter = std::exchange(limiter_, nullptr);
  if (!limiter || !limiter->end(key_of(user_, client_), login_limiter::outcome::wrong)) return;
  log_locked_out(client_, user_,
                 std::chrono::duration_cast<std::chrono::seconds>(limiter->lockout_.window));
}

}  // namespace spillway::net
