// The output of one deploy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/deploy_position.hpp"
#include "client/subject.hpp"
#include "protocol/timestamp.hpp"

namespace spillway::client {

/// Context: one thread.
class deploy_subject final : public subject {
 public:
  /// Without an id: the deploy that runs, ended just now, or starts soon.
  deploy_subject(std::string app, std::string id) : app_(std::move(app)), id_(std::move(id)) {}

  const std::string& app() const override { return app_; }
  std::string target() const override;
  void begin() override { position_.begin(); }
  std::vector<shown_frame> take(shown_frame came) override;
  std::optional<subject_end> end() const override { return end_; }
  subject_end closed(const std::string& reason) const override;

  /// Whether frames came that are not the last ones.
  bool is_running() const { return began_ && !end_; }
  bool needs_id() const { return is_running() && id_.empty(); }
  /// The id of what is watched, from the list of deploys: the next connection asks for it, also
  /// when it has ended meanwhile.
  void learn_id(std::string id) { id_ = std::move(id); }
  const std::string& id() const { return id_; }

 private:
  const std::string app_;
  std::string id_;
  deploy_position position_;
  bool began_ = false;
  /// When the first frame was made, by the server's clock.
  std::optional<protocol::timestamp> begun_at_;
  std::optional<subject_end> end_;
};

/// The id of the newest entry of `GET /api/apps/{slug}/events`; empty where there is none.
std::string newest_deploy_id(const std::string& events);

}  // namespace spillway::client
