#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

TEST(listener, says_why_it_cannot_listen) {
  test_server server;
  boost::asio::io_context io;
  http_server second(io,
                     {server.settings, server.users, server.accounts, server.audit, server.catalog,
                      server.engine, server.gateway, server.workers.get_executor()});
  auto port = std::to_string(server.port());
  EXPECT_EQ(second.listen({"127.0.0.1", server.port()}).error(),
            "cannot listen on 127.0.0.1:" + port + ": address already in use");
}

TEST(listener, refuses_an_address_that_is_not_its_own) {
  test_server server;
  boost::asio::io_context io;
  for (auto host : {"192.0.2.1", "no such host"}) {
    http_server other(io,
                      {server.settings, server.users, server.accounts, server.audit, server.catalog,
                       server.engine, server.gateway, server.workers.get_executor()});
    auto listening = other.listen({host, 0});
    ASSERT_FALSE(listening) << host;
    EXPECT_TRUE(listening.error().starts_with("cannot listen on " + std::string(host) + ":0: "))
        << listening.error();
  }
}

TEST(listener, goes_on_accepting_once_descriptors_are_there_again) {
  test_server server;
  EXPECT_EQ(server.get("/api/health").status, 200);
  // The descriptor of the client is made first; then the table is full and accepting fails.
  raw_client client(server.port());
  EXPECT_EQ((client.send(plain_request("GET", "/api/health")), client.read_answer().status), 200);
  raw_client waiting(server.port());
  EXPECT_EQ((waiting.send(plain_request("GET", "/api/health")), waiting.read_answer().status), 200);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<int> taken;
  rlimit low{256, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  for (int fd = ::dup(0); fd >= 0; fd = ::dup(0)) taken.push_back(fd);
  ASSERT_FALSE(taken.empty());
  ::close(taken.back());
  taken.pop_back();
  // Takes the last descriptor, so that the server finds none for its side.
  raw_client late(server.port());
  late.send(plain_request("GET", "/api/health"));
  // Connections that exist are served meanwhile.
  client.send(plain_request("GET", "/api/health"));
  EXPECT_EQ(client.read_answer().status, 200);
  for (int fd : taken) ::close(fd);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(late.read_answer().status, 200);
}

}  // namespace
}  // namespace spillway::net::testing
