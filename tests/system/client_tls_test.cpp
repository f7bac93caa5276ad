// The terminal client over HTTPS and WSS.
#include <sys/stat.h>

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
