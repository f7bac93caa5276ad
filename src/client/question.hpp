// What Ctrl-C means while a deploy runs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdint>

#include "client/screen.hpp"

namespace spillway::client {

enum class interrupt_answer : std::uint8_t { cancel_deploy, stop_watching, go_on };

/// Asks on the terminal and waits for a key on standard input; another signal of `signals`, or the
/// end of input, is `stop_watching`. What is shown must be held. Context: the io_context's thread.
boost::asio::awaitable<interrupt_answer> ask_after_interrupt(screen& on,
                                                             boost::asio::signal_set& signals);

}  // namespace spillway::client
