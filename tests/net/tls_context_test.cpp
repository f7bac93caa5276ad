// The server's TLS: what it speaks, and what it says about files that it cannot use.
#include "net/tls_context.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/current_tls_context.hpp"
#include "net/tls_handshake.hpp"
#include "support/certificate.hpp"
#include "support/temp_dir.hpp"

namespace spillway::net::testing {
namespace {

using test::certificate;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// A certificate's files, each of which a test may write anew.
struct a_tls_context : ::testing::Test {
  a_tls_context() {
    write_certificate(made.pem());
    write_key(made.key_pem());
  }

  void write_certificate(const std::string& text) const { files.write("cert.pem", text); }
  void write_key(const std::string& text) const {
    ::chmod(files.write("key.pem", text).c_str(), 0600);
  }

  tl::expected<loaded_tls_context, std::string> load() const {
    auto loaded = load_tls_context(certificate_file, key_file);
    EXPECT_EQ(ERR_peek_error(), 0u) << "an error would be taken for that of some connection";
    return loaded;
  }
  std::string error() const {
    auto loaded = load();
    return loaded ? "none" : loaded.error();
  }
  handshake shake(const client_offer& offer = {}) const {
    auto loaded = load();
    if (!loaded) throw std::runtime_error(loaded.error());
    return shake_hands(*loaded->context, offer);
  }

  const certificate made;
  const test::temp_dir files;
  const std::string certificate_file = (files / "cert.pem").string();
  const std::string key_file = (files / "key.pem").string();
};

TEST_F(a_tls_context, speaks_tls_1_2_and_1_3) {
  EXPECT_EQ(shake().version, "TLSv1.3");
  EXPECT_EQ(shake({.max_version = TLS1_2_VERSION}).version, "TLSv1.2");
}

TEST_F(a_tls_context, refuses_a_client_whose_newest_tls_is_1_1) {
  for (int newest : {TLS1_VERSION, TLS1_1_VERSION}) {
    auto refused = shake({.max_version = newest});
    EXPECT_EQ(refused.version, "");
    EXPECT_EQ(refused.alert, SSL_AD_PROTOCOL_VERSION);
  }
}

TEST_F(a_tls_context, has_forward_secrecy_and_authenticated_encryption_over_tls_1_2) {
  const certificate rsa({.rsa_bits = 2048});
  for (const auto* each : {&made, &rsa}) {
    write_certificate(each->pem());
    write_key(each->key_pem());
    const bool is_rsa = each == &rsa;
    for (std::string good : {"AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"}) {
      good = (is_rsa ? "ECDHE-RSA-" : "ECDHE-ECDSA-") + good;
      EXPECT_EQ(shake({.max_version = TLS1_2_VERSION, .ciphers = good}).cipher, good);
    }
    for (const auto* bad : {"ECDHE-RSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA256",
                            "ECDHE-RSA-AES256-SHA", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256",
                            "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-CCM"}) {
      auto refused = shake({.max_version = TLS1_2_VERSION, .ciphers = bad});
      EXPECT_EQ(refused.cipher, "") << bad;
      EXPECT_EQ(refused.alert, SSL_AD_HANDSHAKE_FAILURE) << bad;
    }
  }
}

TEST_F(a_tls_context, gives_out_nothing_to_resume_from_and_keeps_nothing_of_a_client) {
  for (int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto context = load()->context;
    auto first = shake_hands(*context, {.max_version = newest});
    EXPECT_NE(first.version, "");
    if (first.session) {
      EXPECT_EQ(SSL_SESSION_has_ticket(first.session.get()), 0);
      EXPECT_EQ(SSL_SESSION_is_resumable(first.session.get()), 0);
    }
    auto second = shake_hands(*context, {.max_version = newest, .resumed = first.session});
    EXPECT_EQ(second.version, first.version) << "a full handshake";
    EXPECT_FALSE(second.resumed);
    EXPECT_EQ(SSL_CTX_sess_number(context.get()), 0);
    shake_hands(*context, {.max_version = newest, .options = SSL_OP_NO_TICKET});
    EXPECT_EQ(SSL_CTX_sess_number(context.get()), 0);
  }
}

TEST_F(a_tls_context, speaks_http_1_1_to_those_who_ask_for_it_among_others_or_for_nothing) {
  EXPECT_EQ(shake({.alpn = {"h2", "http/1.1"}}).alpn, "http/1.1");
  EXPECT_EQ(shake({.alpn = {"http/1.1"}}).alpn, "http/1.1");
  auto silent = shake();
  EXPECT_EQ(silent.version, "TLSv1.3");
  EXPECT_EQ(silent.alpn, "");
}

TEST_F(a_tls_context, refuses_a_client_that_speaks_everything_but_http_1_1) {
  for (int newest : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto refused = shake({.max_version = newest, .alpn = {"h2", "http/1.0", "http/1.11"}});
    EXPECT_EQ(refused.version, "");
    EXPECT_EQ(refused.alert, SSL_AD_NO_APPLICATION_PROTOCOL);
  }
}

TEST_F(a_tls_context, sends_the_whole_chain_of_the_certificate_file) {
  const certificate root({.name = "root"});
  const certificate middle({.name = "middle", .issuer = &root});
  const certificate own({.name = "own.test", .issuer = &middle});
  write_certificate(own.pem() + middle.pem() + root.pem());
  write_key(own.key_pem());
  EXPECT_THAT(shake().names, ElementsAre("own.test", "middle", "root"));
}

TEST_F(a_tls_context, takes_both_from_one_file) {
  write_certificate(made.key_pem() + made.pem());
  auto loaded = load_tls_context(certificate_file, certificate_file);
  ASSERT_TRUE(loaded) << loaded.error();
  EXPECT_THAT(shake_hands(*loaded->context, {}).names, ElementsAre("spillway.test"));
}

TEST_F(a_tls_context, lives_on_in_its_connections_when_it_is_replaced) {
  current_tls_context current(load()->context);
  connection_of old(*current.get());
  write_certificate(made.pem());
  current.replace(load()->context);
  EXPECT_THAT(old.finish().names, ElementsAre("spillway.test"));
}

TEST_F(a_tls_context, names_a_file_that_cannot_be_read) {
  ::unlink(key_file.c_str());
  EXPECT_EQ(error(), "tls.private_key: cannot read " + key_file +
                         ": no such file or directory; name a PEM file that the server's user may "
                         "read");
  ::unlink(certificate_file.c_str());
  EXPECT_EQ(error(), "tls.certificate: cannot read " + certificate_file +
                         ": no such file or directory; name a PEM file that the server's user may "
                         "read");
}

TEST_F(a_tls_context, neither_waits_for_a_pipe_nor_reads_a_folder) {
  ::unlink(key_file.c_str());
  ASSERT_EQ(::mkfifo(key_file.c_str(), 0600), 0);
  EXPECT_THAT(error(), AllOf(StartsWith("tls.private_key: cannot read " + key_file),
                             HasSubstr("not a regular file")));
  ::unlink(certificate_file.c_str());
  ASSERT_EQ(::mkdir(certificate_file.c_str(), 0700), 0);
  EXPECT_THAT(error(), AllOf(StartsWith("tls.certificate: cannot read " + certificate_file),
                             HasSubstr("not a regular file")));
}

TEST_F(a_tls_context, names_a_file_that_is_not_pem_or_holds_something_else) {
  for (const auto& text : {std::string(), std::string("\x30\x82\x01\x0a\0\xff", 6),
                           std::string("hello\n"), made.key_pem()}) {
    write_certificate(text);
    EXPECT_THAT(error(), StartsWith("tls.certificate: " + certificate_file +
                                    " holds no certificate in PEM form: "));
  }
  write_certificate(made.pem());
  for (const auto& text : {std::string(), std::string("hello\n"), made.pem()}) {
    write_key(text);
    EXPECT_THAT(error(),
                StartsWith("tls.private_key: " + key_file + " holds no private key in PEM form ("));
  }
}

TEST_F(a_tls_context, names_the_certificate_of_a_chain_that_is_damaged) {
  auto damaged = certificate({.name = "root"}).pem();
  damaged[damaged.find('\n') + 10] ^= 1;
  damaged[damaged.find('\n') + 20] = '!';
  write_certificate(made.pem() + damaged);
  EXPECT_THAT(error(), StartsWith("tls.certificate: certificate 2 of " + certificate_file +
                                  " is damaged ("));
  auto half = made.pem();
  half.resize(half.size() / 2);
  write_certificate(half);
  EXPECT_THAT(error(), StartsWith("tls.certificate: certificate 1 of " + certificate_file +
                                  " is damaged ("));
}

TEST_F(a_tls_context, refuses_an_encrypted_key_and_does_not_ask_for_its_passphrase) {
  for (const auto& text : {made.encrypted_key_pem(), made.encrypted_traditional_key_pem()}) {
    write_key(text);
    EXPECT_EQ(error(), "tls.private_key: the key in " + key_file +
                           " is encrypted, and nobody is there to type its passphrase: store it "
                           "without one (openssl pkey -in " +
                           key_file + " -out FILE)");
  }
}

TEST_F(a_tls_context, refuses_a_key_that_is_not_the_certificates) {
  for (const auto& other : {certificate(), certificate({.rsa_bits = 2048})}) {
    write_key(other.key_pem());
    EXPECT_THAT(error(), AllOf(StartsWith("tls.private_key: the key in " + key_file +
                                          " does not fit the certificate in " + certificate_file),
                               HasSubstr("mismatch")));
  }
}

TEST_F(a_tls_context, refuses_a_key_that_is_too_short_to_be_safe) {
  const certificate weak({.rsa_bits = 512});
  write_certificate(weak.pem());
  write_key(weak.key_pem());
  EXPECT_THAT(error(), StartsWith("tls.certificate: certificate 1 of " + certificate_file +
                                  " cannot be used (ee key too small): "));
}

TEST_F(a_tls_context, warns_of_a_certificate_outside_its_time_and_uses_it) {
  using std::chrono::hours;
  const certificate old({.valid_from = hours(-48), .valid_until = hours(-24)});
  write_certificate(old.pem());
  write_key(old.key_pem());
  auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error();
  EXPECT_THAT(loaded->warnings,
              ElementsAre(AllOf(StartsWith("tls.certificate: the one in " + certificate_file +
                                           " has expired at " + loaded->valid_until),
                                HasSubstr("SIGHUP"))));
  const certificate early({.valid_from = hours(24), .valid_until = hours(48)});
  write_certificate(early.pem());
  write_key(early.key_pem());
  EXPECT_THAT(load()->warnings, ElementsAre(HasSubstr(" is not valid before ")));
}

TEST_F(a_tls_context, tells_until_when_the_certificate_is_valid_in_any_century) {
  const certificate eternal({.valid_until = std::chrono::years(7900)});
  write_certificate(eternal.pem());
  write_key(eternal.key_pem());
  EXPECT_THAT(load()->valid_until, ::testing::MatchesRegex("99[0-9]+-[0-9]+-[0-9]+T[0-9:]+Z"));
}

TEST_F(a_tls_context, warns_of_a_key_that_is_open_to_others) {
  EXPECT_THAT(load()->warnings, IsEmpty());
  for (mode_t open : {0640, 0604, 0620}) {
    ::chmod(key_file.c_str(), open);
    EXPECT_THAT(load()->warnings,
                ElementsAre("tls.private_key: others than its owner may read or change " +
                            key_file + ": chmod 600 " + key_file));
  }
}

}  // namespace
}  // namespace spillway::net::testing
