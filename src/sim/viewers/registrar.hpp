// Gives viewers access to apps and takes it away again, by the server's REST.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/on_strand.hpp"
#include "sim/seed.hpp"
#include "sim/viewers/crowd_messages.hpp"
#include "sim/viewers/rest_client.hpp"
#include "sim/viewers/viewing.hpp"

namespace spillway::sim {

/// Makes users of its own, each with tokens for many viewers, since a server lets few logins pass a
/// minute. Access is taken by a token that is revoked, or by a grant: then all viewers of that user
/// and app lose theirs. Works by the admin's token. Context: its strand.
class registrar : public actors::on_strand<registrar_actor::base> {
 public:
  registrar(caf::actor_config& cfg, strand_type strand, const viewing* run);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "registrar"; }

 private:
  /// A user that it has made.
  struct made_user {
    std::string name;
    std::string password;
    std::string id;
    std::string cookie;
    /// Viewers who are on the way to their token, by app.
    std::map<std::string, std::size_t> being_granted;
    std::size_t keys = 0;
    /// Has no cookie.
    bool broken = false;
  };
  /// A token in some viewer's hands.
  struct given_access {
    viewer_actor viewer;
    std::size_t user = 0;
    std::string app;
    std::string key_id;
  };

  void on_wanted(const access_wanted& m);
  void make_user(std::size_t user);
  void log_in(std::size_t user);
  void grant(std::size_t user, const std::string& app);
  void make_key(const access_wanted& m, std::size_t user);
  void refuse(const access_wanted& m, const std::string& what, const rest_answer& answer);
  void take(std::uint64_t which);
  void take_key(std::uint64_t which);
  void take_grant(std::size_t user, const std::string& app);
  void ended(const std::vector<given_access>& holders, const std::string& how,
             const rest_answer& answer);
  void tidy();

  rest_call as_admin(std::string method, std::string path, nlohmann::json body = {}) const;

  const viewing& run_;
  draws random_;
  const std::shared_ptr<rest_client> rest_;
  std::vector<made_user> users_;
  std::size_t next_user_ = 0;
  std::map<std::uint64_t, given_access> given_;
  std::uint64_t next_grant_ = 1;
  bool closing_ = false;
};

}  // namespace spillway::sim
