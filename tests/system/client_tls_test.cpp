// The terminal client over HTTPS and WSS.
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket.hpp>
#include <thread>

#include "support/certificate.hpp"
#include "system/client_fixture.hpp"

namespace spillway::system_test {
namespace {

using client_certificate_options = test::certificate_options;

/// A server with such a certificate, as it is reached by the name localhost.
class server_for_tls_client {
 public:
  explicit server_for_tls_client(const client_certificate_options& chosen)
      : certificate_(chosen), server_(settings()) {}

  std::string url(const std::string& scheme = "https") const {
    return scheme + "://localhost:" + std::to_string(server_.where().port);
  }
  std::string ca() const { return (directory_ / "cert.pem").string(); }
  finished_command client(std::vector<std::string> arguments,
                          std::map<std::string, std::string> environment = {}) const {
    environment.try_emplace("SPILLWAY_URL", url());
    return run(
        client_command(server_, server_.where(), std::move(arguments), std::move(environment)));
  }
  void expect_refusal(const std::vector<std::string>& arguments, const std::string& text) const {
    const auto done = client(arguments);
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_EQ(done.standard_output, "");
    EXPECT_NE(done.standard_error.find(text), std::string::npos) << done.standard_error;
  }
  const server& spillway() const { return server_; }

 private:
  setting_values settings() const {
    directory_.write("cert.pem", certificate_.pem());
    ::chmod(directory_.write("key.pem", certificate_.key_pem()).c_str(), 0600);
    return {{"tls.certificate", ca()}, {"tls.private_key", (directory_ / "key.pem").string()}};
  }

  temp_dir directory_;
  test::certificate certificate_;
  server server_;
};

TEST(client_tls, streams_and_requests_go_over_tls_that_is_trusted) {
  const server_for_tls_client tls({.name = "localhost"});
  auto words = client_command(tls.spillway(), tls.spillway().where(),
                              {"process-logs", "--ca", tls.ca()}, {{"SPILLWAY_URL", tls.url()}});
  child_process stream(words);
  EXPECT_TRUE(stream.wait_for_output("listening on https://")) << stream.standard_error();
  tls.spillway().add_app("known");
  const auto by_environment =
      tls.client({"logs", "known", "--tail", "x"}, {{"SPILLWAY_CA", tls.ca()}});
  EXPECT_NE(by_environment.standard_error.find("invalid tail"), std::string::npos)
      << by_environment.standard_error;
  const auto request = tls.client({"deploy", "known", "-f", tls.ca(), "--ca", tls.ca()});
  EXPECT_NE(request.standard_error.find("--force"), std::string::npos) << request.standard_error;
}

/// Serves one stream with one line and its close frame, then drops the connection without TLS's
/// close_notify, as some proxies do.
class abrupt_tls_server {
 public:
  abrupt_tls_server() : certificate_({.name = "localhost"}) {
    directory_.write("cert.pem", certificate_.pem());
    const auto key = certificate_.key_pem();
    const auto pem = certificate_.pem();
    context_.use_certificate(boost::asio::buffer(pem), boost::asio::ssl::context::pem);
    context_.use_private_key(boost::asio::buffer(key), boost::asio::ssl::context::pem);
    serving_ = std::thread([this] { serve(); });
  }
  ~abrupt_tls_server() {
    boost::system::error_code ignored;
    ::shutdown(listener_.native_handle(), SHUT_RDWR);
    serving_.join();
    listener_.close(ignored);
  }

  std::string url() const {
    return "https://localhost:" + std::to_string(listener_.local_endpoint().port());
  }
  std::string ca() const { return (directory_ / "cert.pem").string(); }
  int streams() const { return streams_; }

 private:
  using tcp = boost::asio::ip::tcp;

  void serve() {
    for (;;) {
      boost::system::error_code failed;
      tcp::socket socket(io_);
      listener_.accept(socket, failed);
      if (failed) return;
      boost::asio::ssl::stream<tcp::socket&> tls(socket, context_);
      tls.handshake(boost::asio::ssl::stream_base::server, failed);
      if (failed) continue;
      boost::beast::websocket::stream<boost::asio::ssl::stream<tcp::socket&>&> stream(tls);
      stream.accept(failed);
      if (failed) continue;
      ++streams_;
      stream.text(true);
      stream.write(boost::asio::buffer(line_), failed);
      boost::asio::write(tls, boost::asio::buffer(close_), failed);
      char answer[16];
      tls.read_some(boost::asio::buffer(answer), failed);
    }
  }

  const std::string line_ =
      R"({"ts": "2026-04-17T10:15:01.444Z", "stream": "stdout", "line": "the only one"})";
  /// 1000.
  const std::string close_ = std::string("\x88\x10\x03\xe8", 4) + "end of history";
  temp_dir directory_;
  test::certificate certificate_;
  boost::asio::io_context io_;
  boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
  tcp::acceptor listener_{io_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  std::atomic<int> streams_{0};
  std::thread serving_;
};

TEST(client_tls, an_end_of_the_connection_without_a_word_takes_back_no_close_frame) {
  const server_for_tls_client any({.name = "localhost"});
  const abrupt_tls_server abrupt;
  const auto done = any.client({"logs", "shop", "--no-follow", "--no-timestamps", "--ca",
                                abrupt.ca(), "--url", abrupt.url()});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_NE(done.standard_output.find("the only one"), std::string::npos);
  EXPECT_EQ(done.standard_error, "");
  EXPECT_EQ(abrupt.streams(), 1);
}

TEST(client_tls, a_certificate_that_nobody_vouches_for_is_refused_with_what_to_do) {
  const server_for_tls_client tls({.name = "localhost"});
  tls.expect_refusal({"process-logs"}, "is not trusted");
  tls.expect_refusal({"process-logs"}, "--ca FILE");
}

TEST(client_tls, a_certificate_for_another_name_is_refused) {
  const server_for_tls_client tls({.name = "elsewhere.test"});
  tls.expect_refusal({"process-logs", "--ca", tls.ca()}, "is not for localhost");
}

TEST(client_tls, a_certificate_that_has_expired_is_refused) {
  const server_for_tls_client tls({.name = "localhost",
                                   .valid_from = -std::chrono::hours(48),
                                   .valid_until = -std::chrono::hours(24)});
  tls.expect_refusal({"process-logs", "--ca", tls.ca()}, "has expired");
}

TEST(client_tls, http_to_a_port_that_speaks_tls_is_told) {
  const server_for_tls_client tls({.name = "localhost"});
  tls.expect_refusal({"process-logs", "--url", tls.url("http")}, "write https://");
}

}  // namespace
}  // namespace spillway::system_test
