#include "client/log_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace spillway::client {

log_session::log_session(session_options chosen, std::unique_ptr<subject> what)
    : session(std::move(chosen)),
      what_(std::move(what)),
      follower_(server(), *what_, on(),
                {.reconnect = options().reconnect, .json = options().screen.json}) {}

boost::asio::awaitable<int> log_session::work() {
  boost::asio::co_spawn(io(), follower_.watch_quiet(), boost::asio::detached);
  auto how = co_await follower_.run();
  co_return co_await conclude(std::move(how));
}

}  // namespace spillway::client
