#include "app/app_catalog_service.hpp"

#include <fmt/format.h>

#include <set>

#include "app/compose_check.hpp"
#include "app/store_failure.hpp"
#include "store/database.hpp"
#include "store/transcript_end.hpp"

namespace spillway::app {
namespace {

constexpr std::size_t transcript_step_bytes = 1 << 20;
constexpr std::size_t max_transcript_bytes = 64 << 20;
/// Looking at all apps for every stream that is opened would cost too much.
constexpr std::chrono::seconds look_again_after{1};

net::compose_version as_seen(const store::compose_version& version, bool current) {
  return {version.id, protocol::format_rfc3339_milli(version.created_at), version.user,
          version.bytes, current};
}

}  // namespace

app_catalog_service::app_catalog_service(std::shared_ptr<store::database> db,
                                         const config::settings& settings, clock now)
    : files_(db, settings.apps_dir, settings.deploy.versions, now),
      transcripts_(db->data_dir()),
      apps_(db),
      deploys_(db),
      project_prefix_(settings.docker.project_prefix),
      most_deploys_(settings.deploy.history),
      now_(std::move(now)),
      shared_(settings.docker.project_prefix) {}

net::result<std::vector<protocol::slug>> app_catalog_service::list() {
  const auto found = all();
  if (!found) return answer(found.error());
  shared_.note(*found);
  std::vector<protocol::slug> shown;
  for (const protocol::slug& app : *found)
    if (!shared_.contains(app)) shown.push_back(app);
  return shown;
}

net::result<bool> app_catalog_service::exists(const protocol::slug& app) {
  const auto found = known(app);
  if (!found) return answer(found.error());
  return *found;
}

std::string app_catalog_service::project(const protocol::slug& app) const {
  return protocol::compose_project(project_prefix_, app);
}

std::filesystem::path app_catalog_service::compose_file(const protocol::slug& app) const {
  return folders().compose_file(app);
}

net::result<void> app_catalog_service::put(const protocol::slug& app, std::string_view compose,
                                           bool replace, const std::string& user) {
  if (const auto checked = check_compose(compose); !checked) return answer(400, checked.error());
  const std::lock_guard lock(changing_);
  const auto taken = known(app);
  if (!taken) return answer(taken.error());
  if (!replace && *taken) {
    return answer(409, fmt::format("the app {} exists: set force to deploy over it", app.text()));
  }
  const auto free = project_is_free(app);
  if (!free) return answer(free.error());
  if (!*free)
    return answer(409, fmt::format("another app already uses the compose project {}: choose a name "
                                   "that differs in more than case and dots",
                                   project(app)));
  // What an app of that name left, where its removal was cut short, is not this one's.
  if (!*taken)
    if (const auto gone = forget_history(app); !gone) return answer(gone.error());
  if (const auto written = record_and_write(app, compose, user); !written)
    return answer(written.error());
  return {};
}

net::result<std::vector<net::compose_version>> app_catalog_service::versions(
    const protocol::slug& app) {
  const auto found = files_.versions(app);
  if (!found) return answer(found.error());
  const auto current = files_.current(app);
  if (!current) return answer(current.error());
  std::vector<net::compose_version> all;
  all.reserve(found->size());
  for (const store::compose_version& each : *found)
    all.push_back(as_seen(each, each.id == *current));
  return all;
}

net::result<std::pair<net::compose_version, std::string>> app_catalog_service::version(
    const protocol::slug& app, std::int64_t id) {
  auto found = files_.find(app, id);
  if (!found) return answer(found.error());
  if (!*found) return answer(404, "version not found");
  const auto current = files_.current(app);
  if (!current) return answer(current.error());
  auto& [version, text] = **found;
  return std::pair{as_seen(version, id == *current), std::move(text)};
}

net::result<void> app_catalog_service::roll_back(const protocol::slug& app, std::int64_t id,
                                                 const std::string& user) {
  const auto found = files_.find(app, id);
  if (!found) return answer(found.error());
  if (!*found) return answer(404, "version not found");
  return put(app, (*found)->second, true, user);
}

net::result<void> app_catalog_service::remove(const protocol::slug& app) {
  const std::lock_guard lock(changing_);
  const auto found = known(app);
  if (!found) return answer(found.error());
  if (!*found) return answer(404, "app not found");
  // The row last: until then what failed half-way can be tried again.
  if (const auto removed = files_.remove(app); !removed) return answer(removed.error());
  if (const auto gone = forget_history(app); !gone) return answer(gone.error());
  if (const auto removed = apps_.remove(app); !removed) return answer(removed.error());
  return {};
}

/// Versions, recorded deploys and their transcripts.
store::result<void> app_catalog_service::forget_history(const protocol::slug& app) {
  return files_.forget(app).and_then([&] { return deploys_.forget(app.text()); }).and_then([&] {
    return transcripts_.forget(app.text());
  });
}

net::result<std::vector<actors::deploy_record>> app_catalog_service::deploys(
    const protocol::slug& app) {
  auto records = deploys_.list(app.text(), most_deploys_);
  if (!records) return answer(records.error());
  return std::move(*records);
}

net::result<std::string> app_catalog_service::transcript(const protocol::slug& app,
                                                         const std::string& id) {
  const auto record = deploys_.find(app.text(), id);
  if (!record) return answer(record.error());
  if (!*record) return answer(404, "deploy not found");
  const auto file = transcripts_.open_for_reading(app.text(), id);
  if (!file && file.error().code == store::errc::not_found)
    return answer(404, "the transcript of this deploy is no longer on the server");
  if (!file) return answer(file.error());
  std::string whole;
  for (;;) {
    const auto part = file->read(whole.size(), transcript_step_bytes);
    if (!part) return answer(part.error());
    whole += part->frames;
    if (part->at_end) {
      if ((*record)->status == "running") return whole;
      const auto rest = store::missing_end(*file, **record);
      if (!rest) return answer(rest.error());
      return std::move(whole += *rest);
    }
    if (whole.size() > max_transcript_bytes)
      return answer(413, "the transcript is longer than 64 MiB: watch it with deploy-logs?deploy=");
  }
}

store::result<std::set<protocol::slug>> app_catalog_service::all() {
  const auto on_disk = folders().list();
  if (!on_disk) return tl::unexpected(on_disk.error());
  const auto recorded = apps_.list();
  if (!recorded) return tl::unexpected(recorded.error());
  std::set<protocol::slug> all(on_disk->begin(), on_disk->end());
  for (const store::app& app : *recorded)
    if (const auto slug = protocol::slug::parse(app.slug)) all.insert(*slug);
  return all;
}

store::result<bool> app_catalog_service::shares_project(const protocol::slug& app) {
  const std::lock_guard lock(looking_);
  const protocol::timestamp now = now_();
  // Also where the clock was set back.
  const bool recent = looked_at_ && now >= *looked_at_ && now - *looked_at_ < look_again_after;
  if (!recent) {
    const auto found = all();
    if (!found) return tl::unexpected(found.error());
    shared_.note(*found);
    looked_at_ = now;
  }
  return shared_.contains(app);
}

store::result<bool> app_catalog_service::known(const protocol::slug& app) {
  auto here = folders().holds(app) ? store::result<bool>(true) : apps_.exists(app);
  if (!here || !*here) return here;
  return shares_project(app).map([](bool shared) { return !shared; });
}

store::result<bool> app_catalog_service::project_is_free(const protocol::slug& app) {
  // The table refuses a second row by itself; this finds folders that were never deployed here.
  const auto on_disk = folders().list();
  if (!on_disk) return tl::unexpected(on_disk.error());
  const std::string wanted = project(app);
  for (const protocol::slug& other : *on_disk)
    if (other != app && project(other) == wanted) return false;
  const auto recorded = apps_.list();
  if (!recorded) return tl::unexpected(recorded.error());
  for (const store::app& other : *recorded)
    if (other.slug != app.text() && other.project == wanted) return false;
  return true;
}

store::result<void> app_catalog_service::record_and_write(const protocol::slug& app,
                                                          std::string_view compose,
                                                          const std::string& user) {
  const auto was_recorded = apps_.exists(app);
  if (!was_recorded) return tl::unexpected(was_recorded.error());
  // The row first: it is what another app cannot take at the same time.
  auto recorded = apps_.put(app, project(app), now_());
  if (!recorded) return recorded;
  auto written = files_.write(app, compose, user);
  // As it was before. Grants made ahead for this app stay: only a removal ends them.
  if (!written && !*was_recorded) (void)apps_.forget(app);
  return written;
}

}  // namespace spillway::app
