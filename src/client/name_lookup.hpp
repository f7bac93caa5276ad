// Looking up a host name without waiting for it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "client/failure.hpp"

namespace spillway::client {

/// The addresses of a host, at least one, in the order in which to try them. `getaddrinfo` can be
/// neither cancelled nor given a deadline, so it runs on a thread that nobody waits for: Asio's
/// own resolver would hold up the end of the program. Context: the io_context's thread.
boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>> look_up(
    std::string host, std::string port, std::chrono::milliseconds deadline);

}  // namespace spillway::client
