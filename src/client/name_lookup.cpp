#include "client/name_lookup.hpp"

#include <netdb.h>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace spillway::client {

namespace asio = boost::asio;
using endpoints = std::vector<asio::ip::tcp::endpoint>;

// Types that a coroutine's frame holds are in no unnamed namespace: GCC warns of that.

struct lookup_answer {
  int error = 0;
  endpoints found;
};

/// What the thread and the waiting coroutine share.
struct lookup_state {
  std::mutex mutex;
  /// Null once nobody waits; used under the mutex only.
  asio::steady_timer* waiting = nullptr;
  std::optional<lookup_answer> answer;
};

/// Takes the timer away from the thread, also where the coroutine is destroyed while it waits.
struct lookup_wait {
  std::shared_ptr<lookup_state> state;
  ~lookup_wait() {
    const std::lock_guard lock(state->mutex);
    state->waiting = nullptr;
  }
};

namespace {

lookup_answer ask_system(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  lookup_answer made;
  made.error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  if (made.error != 0) return made;
  for (const addrinfo* entry = list; entry; entry = entry->ai_next) {
    asio::ip::tcp::endpoint at;
    if (entry->ai_addrlen > at.capacity()) continue;
    std::memcpy(at.data(), entry->ai_addr, entry->ai_addrlen);
    at.resize(entry->ai_addrlen);
    made.found.push_back(at);
  }
  ::freeaddrinfo(list);
  return made;
}

void look_up_apart(const std::shared_ptr<lookup_state>& state, std::string host, std::string port) {
  std::thread([state, host = std::move(host), port = std::move(port)] {
    auto answer = ask_system(host, port);
    const std::lock_guard lock(state->mutex);
    state->answer = std::move(answer);
    if (!state->waiting) return;
    // The timer belongs to the io_context's thread.
    asio::post(state->waiting->get_executor(), [state] {
      const std::lock_guard inner(state->mutex);
      if (state->waiting) state->waiting->cancel();
    });
  }).detach();
}

failure lookup_failure(const std::string& host, int error) {
  if (error == EAI_NONAME)
    return {"there is no host named " + host + ": is the URL right?", retry::once_connected};
  return {"the host name " + host + " cannot be looked up (" + ::gai_strerror(error) +
              "): is the network up?",
          retry::once_connected};
}

}  // namespace

asio::awaitable<result<endpoints>> look_up(std::string host, std::string port,
                                           std::chrono::milliseconds deadline) {
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
  auto state = std::make_shared<lookup_state>();
  state->waiting = &timer;
  const lookup_wait until_here{state};
  look_up_apart(state, host, port);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  std::optional<lookup_answer> answer;
  {
    const std::lock_guard lock(state->mutex);
    answer = std::move(state->answer);
  }
  if (!answer) co_return tl::unexpected(lookup_failure(host, EAI_AGAIN));
  if (answer->error != 0) co_return tl::unexpected(lookup_failure(host, answer->error));
  if (answer->found.empty()) co_return tl::unexpected(lookup_failure(host, EAI_NONAME));
  co_return std::move(answer->found);
}

}  // namespace spillway::client
