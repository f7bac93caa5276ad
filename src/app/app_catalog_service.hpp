// The apps for the HTTP side: folders of `apps_dir` and what was deployed here.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "app/compose_files.hpp"
#include "app/shared_projects.hpp"
#include "config/settings.hpp"
#include "net/ports.hpp"
#include "store/app_store.hpp"
#include "store/deploy_store.hpp"
#include "store/transcript_archive.hpp"

namespace spillway::app {

/// Context: the worker pool, any number of threads: it blocks on the disk. Puts and removes come
/// one after another, so that two new apps cannot take one compose project.
class app_catalog_service : public net::app_catalog {
 public:
  using clock = std::function<protocol::timestamp()>;

  app_catalog_service(std::shared_ptr<store::database> db, const config::settings& settings,
                      clock now = std::chrono::system_clock::now);

  net::result<std::vector<protocol::slug>> list() override;
  net::result<bool> exists(const protocol::slug& app) override;
  std::string project(const protocol::slug& app) const override;
  std::filesystem::path compose_file(const protocol::slug& app) const override;
  net::result<void> put(const protocol::slug& app, std::string_view compose, bool replace,
                        const std::string& user) override;
  net::result<std::vector<net::compose_version>> versions(const protocol::slug& app) override;
  net::result<std::pair<net::compose_version, std::string>> version(const protocol::slug& app,
                                                                    std::int64_t id) override;
  net::result<void> roll_back(const protocol::slug& app, std::int64_t id,
                              const std::string& user) override;
  net::result<void> remove(const protocol::slug& app) override;
  net::result<std::vector<actors::deploy_record>> deploys(const protocol::slug& app) override;
  /// 413 for one of more than 64 MiB: it can be watched, but is too long for one answer.
  net::result<std::string> transcript(const protocol::slug& app, const std::string& id) override;

 private:
  /// What exists, whether or not it is hidden (shared_projects).
  store::result<std::set<protocol::slug>> all();
  store::result<bool> shares_project(const protocol::slug& app);
  store::result<bool> known(const protocol::slug& app);
  store::result<bool> project_is_free(const protocol::slug& app);
  store::result<void> forget_history(const protocol::slug& app);
  store::result<void> record_and_write(const protocol::slug& app, std::string_view compose,
                                       const std::string& user);
  const app_folders& folders() const { return files_.folders(); }

  compose_files files_;
  const store::transcript_archive transcripts_;
  store::app_store apps_;
  store::deploy_store deploys_;
  const std::string project_prefix_;
  const std::size_t most_deploys_;
  const clock now_;
  std::mutex changing_;
  shared_projects shared_;
  std::mutex looking_;
  /// When `shared_` was last brought up to date.
  std::optional<protocol::timestamp> looked_at_;
};

}  // namespace spillway::app
