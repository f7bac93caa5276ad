// One line a request in the process log.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string_view>

namespace spillway::net {

/// `[api] handled GET /api/apps in 4.2ms`: never the query, which may hold what is nobody's
/// business.
void log_handled(std::string_view method, std::string_view path,
                 std::chrono::steady_clock::duration took);

/// `[ws] opened /api/apps/shop/logs for alice`
void log_opened(std::string_view path, std::string_view user);

/// `[auth] login from 192.0.2.1 as ann`. The name, which anyone may choose, comes last: it cannot
/// pass for another address.
void log_logged_in(const boost::asio::ip::address& client, std::string_view user);
/// `[auth] failed login from 192.0.2.1 as ann`
void log_failed_login(const boost::asio::ip::address& client, std::string_view user);
/// `[auth] locked out for 900s from 192.0.2.1: ann`
void log_locked_out(const boost::asio::ip::address& client, std::string_view user,
                    std::chrono::seconds how_long);

}  // namespace spillway::net
