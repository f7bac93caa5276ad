// How often passwords may be tried, by virtual time.
#include "net/login_limiter.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/log_capture.hpp"

namespace spillway::net::testing {
namespace {

using namespace std::chrono_literals;

class a_login_limiter : public ::testing::Test {
 protected:
  using address = boost::asio::ip::address;

  std::shared_ptr<login_limiter> make(std::size_t most = login_limiter::max_entries) {
    return std::make_shared<login_limiter>(
        config::rate{10, 1min}, config::rate{5, 15min}, [this] { return now; }, most);
  }
  static address at(const char* text) { return boost::asio::ip::make_address(text); }

  /// 0 where it is admitted, or the seconds to wait.
  template <class T>
  static long wait_of(const result<T>& answer) {
    if (answer) return 0;
    EXPECT_EQ(answer.error().status, 429u);
    return answer.error().retry_after.value_or(-1s).count();
  }
  long fails(std::string_view user, const address& client) {
    auto attempt = limiter->begin(user, client);
    if (attempt) attempt->failed();
    return wait_of(attempt);
  }
  long succeeds(std::string_view user, const address& client) {
    auto attempt = limiter->begin(user, client);
    if (attempt) attempt->succeeded();
    return wait_of(attempt);
  }

  login_limiter::time_point now{};
  std::shared_ptr<login_limiter> limiter = make();
  const address here = at("192.0.2.1");
};

TEST_F(a_login_limiter, admits_so_many_logins_of_an_address_in_the_time) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(wait_of(limiter->count_attempt(here)), 0) << i;
  now += 100ms;
  auto past = limiter->count_attempt(here);
  EXPECT_EQ(wait_of(past), 60) << "rounded up";
  EXPECT_EQ(past.error().message, "too many logins from this address, try again in 60 seconds");
  EXPECT_EQ(wait_of(limiter->count_attempt(at("192.0.2.2"))), 0);
  now += 59'899ms;
  EXPECT_EQ(limiter->count_attempt(here).error().message,
            "too many logins from this address, try again in 1 second");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(wait_of(limiter->count_attempt(here)), 1);
  now += 1ms;
  EXPECT_EQ(wait_of(limiter->count_attempt(here)), 0) << "what was refused did not count";
}

TEST_F(a_login_limiter, takes_the_64_of_an_ipv6_address_for_one_client) {
  for (int i = 0; i < 10; ++i) {
    auto one = "2001:db8:0:1::" + std::to_string(i);
    EXPECT_EQ(wait_of(limiter->count_attempt(at(one.c_str()))), 0);
  }
  EXPECT_GT(wait_of(limiter->count_attempt(at("2001:db8:0:1:ffff::1"))), 0);
  EXPECT_EQ(wait_of(limiter->count_attempt(at("2001:db8:0:2::1"))), 0);
  for (int i = 0; i < 5; ++i) fails("ann", at(("2001:db8:0:1::" + std::to_string(i)).c_str()));
  EXPECT_GT(fails("ann", at("2001:db8:0:1::77")), 0);
}

TEST_F(a_login_limiter, locks_a_user_out_of_an_address_after_so_many_failures) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(fails("ann", here), 0) << i;
    now += 1min;
  }
  now -= 1min;
  auto locked = limiter->begin("ann", here);
  EXPECT_EQ(wait_of(locked), 900);
  EXPECT_EQ(locked.error().message,
            "too many failed logins as this user, try again in 900 seconds");
  EXPECT_EQ(succeeds("ANN", here), 900) << "also with the right password, in any case";
  EXPECT_EQ(fails("bob", here), 0);
  EXPECT_EQ(fails("ann", at("192.0.2.2")), 0);
  now += 15min - 1ms;
  EXPECT_EQ(succeeds("ann", here), 1);
  now += 1ms;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fails("ann", here), 0) << "a new count";
  EXPECT_EQ(fails("ann", here), 900);
}

TEST_F(a_login_limiter, forgets_failures_that_are_older_than_the_time) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(fails("ann", here), 0) << i;
    now += 4min;
  }
  for (int i = 0; i < 2; ++i) {
    now += 1min;
    EXPECT_EQ(fails("ann", here), 0);
  }
  EXPECT_GT(fails("ann", here), 0) << "five in fifteen minutes";
}

TEST_F(a_login_limiter, forgets_failures_at_a_success) {
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(fails("ann", here), 0);
    EXPECT_EQ(succeeds("Ann", here), 0);
  }
}

TEST_F(a_login_limiter, counts_attempts_under_way_as_failed_ones) {
  std::vector<login_attempt> under_way;
  for (int i = 0; i < 5; ++i) under_way.push_back(std::move(*limiter->begin("ann", here)));
  auto sixth = limiter->begin("ann", here);
  ASSERT_FALSE(sixth);
  EXPECT_EQ(wait_of(sixth), 1);
  EXPECT_EQ(sixth.error().message,
            "other logins as this user are under way, try again in 1 second");
  under_way.pop_back();
  EXPECT_EQ(succeeds("ann", here), 0) << "given back by one that ended without an answer";
  for (auto& each : under_way) each.failed();
  EXPECT_EQ(fails("ann", here), 0);
  EXPECT_EQ(fails("ann", here), 900);
}

TEST_F(a_login_limiter, lets_no_more_passwords_through_than_the_limit_however_many_come_at_once) {
  std::atomic<int> tried = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        auto attempt = limiter->begin("ann", here);
        if (!attempt) continue;
        ++tried;
        attempt->failed();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(tried, 5);
}

TEST_F(a_login_limiter, counts_a_name_of_any_length_without_keeping_it) {
  const std::string endless(60'000, 'x');
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fails(endless, here), 0);
  EXPECT_GT(fails(endless, here), 0);
  EXPECT_GT(fails(endless + "y", here), 0) << "only the beginning is kept";
  EXPECT_EQ(fails(std::string(64, 'x'), here), 0) << "names that a user may have are kept whole";
  EXPECT_EQ(fails("", here), 0);
}

TEST_F(a_login_limiter, forgets_the_oldest_users_and_addresses_past_its_bound) {
  limiter = make(3);
  for (int i = 0; i < 5; ++i) fails("ann", here);
  for (auto user : {"b", "c"}) fails(user, here);
  EXPECT_GT(fails("ann", here), 0);
  for (auto user : {"d", "e", "f"}) fails(user, here);
  EXPECT_EQ(fails("ann", here), 0);
  for (int i = 0; i < 10; ++i) limiter->count_attempt(here);
  for (auto other : {"192.0.2.2", "192.0.2.3", "192.0.2.4"}) limiter->count_attempt(at(other));
  EXPECT_EQ(wait_of(limiter->count_attempt(here)), 0);
}

TEST_F(a_login_limiter, has_no_harm_from_an_attempt_that_outlives_its_record) {
  limiter = make(1);
  auto attempt = limiter->begin("ann", here);
  ASSERT_TRUE(attempt);
  fails("bob", here);
  attempt->failed();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(fails("ann", here), 0);
  EXPECT_GT(fails("ann", here), 0);
  {
    auto unanswered = limiter->begin("eve", here);
    ASSERT_TRUE(unanswered);
    fails("bob", here);
  }
  EXPECT_EQ(fails("eve", here), 0) << "what is given back twice is not counted backwards";
}

TEST_F(a_login_limiter, logs_a_lockout_once_with_a_name_that_cannot_pass_for_a_line) {
  log_capture log;
  for (int i = 0; i < 9; ++i) fails("ann\n[auth] login from 192.0.2.9 as eve", here);
  EXPECT_EQ(log.starting_with("warning [auth]"),
            (std::vector<std::string>{"warning [auth] locked out for 900s from 192.0.2.1: "
                                      "ann?[auth] login from 192.0.2.9 as eve"}));
  for (int i = 0; i < 5; ++i) fails(std::string(60'000, 'x'), here);
  EXPECT_LT(log.starting_with("warning [auth]").back().size(), 300u);
}

}  // namespace
}  // namespace spillway::net::testing
