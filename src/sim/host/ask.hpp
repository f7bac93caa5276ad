// Coroutines that wait for an actor's answer.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "actors/reply.hpp"

namespace spillway::sim {

/// Calls `send` with a reply for an actor, and returns what comes, or `fallback` where the actor is
/// gone. Context: the coroutine's executor, where it goes on, too.
template <class T>
boost::asio::awaitable<T> ask(std::function<void(actors::reply<T>)> send, T fallback) {
  auto initiate = [send = std::move(send), fallback = std::move(fallback)](auto handler) mutable {
    auto owned = std::make_shared<decltype(handler)>(std::move(handler));
    auto guard = boost::asio::make_work_guard(boost::asio::get_associated_executor(*owned));
    send(actors::reply<T>(
        [owned, guard](T value) {
          boost::asio::post(guard.get_executor(), [owned, value = std::move(value)]() mutable {
            std::move (*owned)(std::move(value));
          });
        },
        std::move(fallback)));
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      std::move(initiate), boost::asio::use_awaitable);
}

}  // namespace spillway::sim
