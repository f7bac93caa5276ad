// Logins, however many, leave workers for everyone else.
#include "net/password_queue.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

constexpr auto admitted_at_once = password_queue::max_running + password_queue::max_waiting;

TEST(logins, past_the_few_that_run_and_wait_are_refused_and_nobody_else_is) {
  config::settings settings;
  settings.auth.login_attempts.count = 100;
  settings.auth.lockout.count = 100;
  test_server server(settings);
  std::promise<void> release;
  server.users.hold_login = release.get_future();
  const auto request =
      plain_request("POST", "/api/auth/login", {}, R"({"username":"ann","password":"right"})");
  std::vector<std::future<http_answer>> waiting;
  std::atomic<std::size_t> refused = 0;
  for (std::size_t i = 0; i < admitted_at_once + 3; ++i) {
    waiting.push_back(std::async(std::launch::async, [&] {
      auto answer = ask(server.port(), request);
      if (answer.status == 503) ++refused;
      return answer;
    }));
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  while ((refused < 3 || server.users.logins < 2) && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  EXPECT_EQ(refused, 3u);
  EXPECT_EQ(server.get("/api/me", "viewer").status, 200);
  EXPECT_EQ(server.send("POST", "/api/auth/logout", "viewer").status, 200);
  EXPECT_EQ(server.users.logins, static_cast<int>(password_queue::max_running));
  release.set_value();
  std::size_t proved = 0;
  for (auto& each : waiting) {
    auto answer = each.get();
    proved += answer.status == 200 ? 1 : 0;
    EXPECT_EQ(answer.fields.contains("retry-after"), answer.status == 503);
  }
  EXPECT_EQ(proved, admitted_at_once);
  EXPECT_EQ(ask(server.port(), request).status, 200);
}

TEST(password_queue, tells_how_many_jobs_wait) {
  boost::asio::thread_pool pool{2};
  password_queue queue(worker_queue(pool.get_executor(), 10));
  std::promise<void> release;
  const auto released = release.get_future().share();
  for (std::size_t i = 0; i < password_queue::max_running + 3; ++i)
    EXPECT_TRUE(queue.submit([released] { released.wait(); }));
  EXPECT_EQ(queue.waiting(), 3U);
  release.set_value();
  pool.join();
  EXPECT_EQ(queue.waiting(), 0U);
}

TEST(password_queue, goes_on_after_a_job_that_throws) {
  boost::asio::thread_pool pool{2};
  password_queue queue(worker_queue(pool.get_executor(), 1));
  std::atomic<int> done = 0;
  for (std::size_t i = 0; i < password_queue::max_running; ++i) {
    EXPECT_TRUE(queue.submit([] { throw std::runtime_error("no memory"); }));
  }
  for (std::size_t i = 0; i < password_queue::max_waiting; ++i) {
    EXPECT_TRUE(queue.submit([&done] { ++done; }));
  }
  pool.join();
  EXPECT_EQ(done, static_cast<int>(password_queue::max_waiting));
}

}  // namespace
}  // namespace spillway::net::testing
