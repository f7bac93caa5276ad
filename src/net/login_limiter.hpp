// How often passwords may be tried.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "config/rate.hpp"
#include "net/ports.hpp"
#include "net/recent_table.hpp"
#include "net/sliding_count.hpp"

namespace spillway::net {

class login_limiter;

/// A password that is being tried. Counts as a failed one until it is told how it ended, so that
/// those that run at the same time cannot pass the limit together; given back where it never is (a
/// database that did not answer is nobody's mistake). Context: any thread, one at a time.
class login_attempt {
 public:
  login_attempt(login_attempt&&) noexcept = default;
  login_attempt& operator=(login_attempt&&) = delete;
  ~login_attempt();

  /// The password was right: earlier failures are forgotten.
  void succeeded();
  /// It was wrong; this may lock the user out, which the process log is told.
  void failed();

 private:
  friend class login_limiter;
  login_attempt(std::shared_ptr<login_limiter> limiter, std::string_view user,
                boost::asio::ip::address client)
      : limiter_(std::move(limiter)), user_(user), client_(std::move(client)) {}

  /// Null once it is told.
  std::shared_ptr<login_limiter> limiter_;
  std::string user_;
  boost::asio::ip::address client_;
};

/// `auth.login_attempts` and `auth.lockout`. A client is an address, or the /64 of an IPv6 one; a
/// user's name counts whatever its case, as in the store, and whether there is such a user or not.
/// Refusals are 429 with the time after which trying is worth it; they themselves count nowhere.
///
/// Bounded: of the addresses, and of the users at an address, those tried last are remembered, up
/// to `max_entries` of each, a few hundred bytes apiece; the oldest are forgotten first. Nothing is
/// kept past a restart. Context: any thread; made with make_shared.
class login_limiter : public std::enable_shared_from_this<login_limiter> {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using clock = std::function<time_point()>;
  static constexpr std::size_t max_entries = 10'000;

  /// `now` is steady: setting the time of the day ends no lockout and begins none.
  login_limiter(config::rate attempts, config::rate lockout,
                clock now = std::chrono::steady_clock::now, std::size_t most = max_entries)
      : attempts_(attempts),
        lockout_(lockout),
        now_(std::move(now)),
        clients_(most),
        users_(most) {}

  /// Counts a request to log in, whatever is in it; to be called first, before anything is worked
  /// out.
  result<void> count_attempt(const boost::asio::ip::address& client);

  /// A password of this user is about to be checked: call it before it is hashed. While the user is
  /// locked out at this address also the right one is refused.
  result<login_attempt> begin(std::string_view user, const boost::asio::ip::address& client);

 private:
  friend class login_attempt;
  struct user_record {
    sliding_count failures;
    time_point locked_until = time_point::min();
    std::uint32_t under_way = 0;
  };

  enum class outcome : std::uint8_t { untold, right, wrong };
  /// True where this locked the user out.
  bool end(const std::string& key, outcome how);
  void forget_the_useless(time_point now);

  const config::rate attempts_;
  const config::rate lockout_;
  const clock now_;
  std::mutex mutex_;
  recent_table<sliding_count> clients_;
  /// By `ADDRESS NAME`.
  recent_table<user_record> users_;
};

}  // namespace spillway::net
