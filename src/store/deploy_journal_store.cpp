#include "store/deploy_journal_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <cerrno>
#include <cstring>
#include <map>

#include "store/database.hpp"
#include "store/deploy_recovery.hpp"
#include "store/deploy_store.hpp"
#include "store/transcript_archive.hpp"
#include "store/transcript_end.hpp"

namespace spillway::store {
namespace {

constexpr std::size_t max_read_bytes = 4 << 20;
constexpr std::size_t forgotten_at_once = 50;

/// Held for as long as a server runs on the data directory; the kernel lets go when it dies.
result<file_descriptor> lock_for_server(const std::filesystem::path& data_dir) {
  const auto path = data_dir / "server.lock";
  file_descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file)
    return fail(errc::unavailable, fmt::format("{} cannot be opened: {}; make the data directory "
                                               "writable for this user",
                                               path.string(), std::strerror(errno)));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(errc::refused, fmt::format("another spillway serves from {}: stop it, or choose "
                                           "another directory with --data-dir",
                                           data_dir.string()));
  return file;
}

}  // namespace

/// Context: its strand, but for reserve and recover. Outlives the journal until the work that was
/// given is done.
class deploy_journal_store::worker_side : public std::enable_shared_from_this<worker_side> {
 public:
  worker_side(std::shared_ptr<database> db, const boost::asio::any_io_executor& worker,
              options chosen)
      : chosen_(chosen),
        data_dir_(db->data_dir()),
        transcripts_(data_dir_),
        records_(std::move(db)),
        strand_(boost::asio::make_strand(worker)) {}

  /// Runs `work(side)` on the strand and gives its result to the handler, once.
  template <class Value, class Work>
  void post(std::function<void(tl::expected<Value, std::string>)> handler, Work work) {
    boost::asio::post(
        strand_, [self = shared_from_this(), handler = std::move(handler),
                  work = std::move(work)]() mutable { handler(outcome_of<Value>(*self, work)); });
  }

  void post_forget_oldest(const std::string& app) {
    boost::asio::post(strand_, [self = shared_from_this(), app] {
      try {
        self->forget_oldest(app);
      } catch (const std::exception& thrown) {
        spdlog::error("[deploy] old deploys are not forgotten: {}", thrown.what());
      }
    });
  }

  /// Context: any thread. Room for bytes that will wait for the disk?
  bool reserve(std::size_t bytes) {
    if (queued_bytes_.fetch_add(bytes) + bytes <= chosen_.max_queued_bytes) return true;
    queued_bytes_ -= bytes;
    return false;
  }
  void release(std::size_t bytes) { queued_bytes_ -= bytes; }

  /// Context: before any work is posted.
  result<recovery> recover(protocol::timestamp now, const ids_handler& before_closing);

  result<void> begin(const actors::deploy_record& record);
  result<void> append(const std::string& app, const std::string& deploy_id,
                      std::string_view frames);
  /// Frames were refused: whatever comes later must not stand behind the hole.
  void end_early(const std::string& deploy_id) { open_.erase(deploy_id); }
  result<void> finish(const actors::deploy_record& record);
  result<actors::transcript_part> read(const std::string& app, const std::string& deploy_id,
                                       std::uint64_t offset, std::size_t max_bytes);

 private:
  void forget_oldest(const std::string& app);

  template <class Value, class Work>
  static tl::expected<Value, std::string> outcome_of(worker_side& self, Work& work) {
    try {
      return work(self).map_error([](const error& failed) { return failed.message; });
    } catch (const std::exception& thrown) {
      return tl::unexpected(fmt::format("the deploy journal failed: {}", thrown.what()));
    }
  }

  struct running_transcript {
    std::string app;
    transcript_file file;
  };

  const options chosen_;
  const std::filesystem::path data_dir_;
  const transcript_archive transcripts_;
  deploy_store records_;
  boost::asio::strand<boost::asio::any_io_executor> strand_;
  std::atomic<std::size_t> queued_bytes_{0};
  file_descriptor server_lock_;
  /// By deploy id: those that have begun and not finished.
  std::map<std::string, running_transcript> open_;
  /// By deploy id: ends that the database did not take.
  std::map<std::string, actors::deploy_record> unrecorded_ends_;
};

result<deploy_journal_store::recovery> deploy_journal_store::worker_side::recover(
    protocol::timestamp now, const ids_handler& before_closing) {
  auto lock = lock_for_server(data_dir_);
  if (!lock) return tl::unexpected(lock.error());
  server_lock_ = std::move(*lock);
  const auto abandoned = records_.running();
  if (!abandoned) return tl::unexpected(abandoned.error());
  recovery done;
  std::vector<std::string> ids;
  for (const actors::deploy_record& record : *abandoned) ids.push_back(record.id);
  if (before_closing && !ids.empty()) before_closing(ids);
  for (actors::deploy_record record : *abandoned) {
    const auto closed = close_abandoned_run(transcripts_, record, now);
    if (closed) {
      record = *closed;
    } else {
      done.problems.push_back(closed.error().message);
      record.status = "failed";
      record.exit_code = -1;
      record.finished_at = now;
    }
    if (const auto recorded = records_.finish(record); !recorded)
      return tl::unexpected(recorded.error());
    post_forget_oldest(record.app);
    done.closed.push_back(std::move(record));
  }
  return done;
}

result<void> deploy_journal_store::worker_side::begin(const actors::deploy_record& record) {
  auto file = transcripts_.create(record.app, record.id);
  if (!file) return tl::unexpected(file.error());
  if (auto recorded = records_.begin(record); !recorded) {
    (void)transcripts_.remove(record.app, record.id);
    return recorded;
  }
  open_.insert_or_assign(record.id, running_transcript{record.app, std::move(*file)});
  return {};
}

result<void> deploy_journal_store::worker_side::append(const std::string& app,
                                                       const std::string& deploy_id,
                                                       std::string_view frames) {
  const auto found = open_.find(deploy_id);
  if (found == open_.end() || found->second.app != app)
    return fail(errc::not_found,
                fmt::format("no transcript of deploy {} is open: it has not begun, has finished, "
                            "or ended early",
                            deploy_id));
  transcript_file& file = found->second.file;
  const auto size = file.size();
  if (!size) return tl::unexpected(size.error());
  if (*size + frames.size() <= chosen_.keep_bytes) return file.append(frames);
  open_.erase(found);
  return fail(errc::refused,
              fmt::format("the transcript of deploy {} ends early: it is longer than "
                          "deploy.history_size allows",
                          deploy_id));
}

result<void> deploy_journal_store::worker_side::finish(const actors::deploy_record& record) {
  result<void> synced;
  if (const auto found = open_.find(record.id); found != open_.end()) {
    synced = found->second.file.sync();
    open_.erase(found);
  }
  // The record counts more than a disk that did not confirm the transcript.
  auto recorded = records_.finish(record);
  // A run that did not get on record, or went with its app, has no end to record: not now, and not
  // when that is tried again.
  if (recorded || recorded.error().code == errc::not_found) {
    unrecorded_ends_.erase(record.id);
    return synced;
  }
  unrecorded_ends_.insert_or_assign(record.id, record);
  return recorded;
}

/// What an app has too much of, a slice at a time: others wait for this strand. The newest deploy
/// stays in any case, and those that go on.
void deploy_journal_store::worker_side::forget_oldest(const std::string& app) {
  const auto all = records_.list(app);
  if (!all) return spdlog::error("[deploy] old deploys are not forgotten: {}", all.error().message);
  std::uint64_t bytes = 0;
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < all->size() && gone.size() < forgotten_at_once; ++i) {
    const actors::deploy_record& record = (*all)[i];
    bytes += transcripts_.size(app, record.id);
    const bool too_much = i >= chosen_.keep_deploys || bytes > chosen_.keep_bytes;
    if (i == 0 || !too_much || record.status == "running") continue;
    // The file first: of a record without one it can be said that the transcript is gone.
    if (const auto removed = transcripts_.remove(app, record.id); !removed) {
      spdlog::error("[deploy] {}", removed.error().message);
    } else {
      gone.push_back(record.id);
    }
  }
  if (gone.empty()) return;
  if (const auto removed = records_.remove(gone); !removed)
    return spdlog::error("[deploy] old deploys are not forgotten: {}", removed.error().message);
  if (gone.size() == forgotten_at_once) post_forget_oldest(app);
}

result<actors::transcript_part> deploy_journal_store::worker_side::read(
    const std::string& app, const std::string& deploy_id, std::uint64_t offset,
    std::size_t max_bytes) {
  const auto record = records_.find(app, deploy_id);
  if (!record) return tl::unexpected(record.error());
  if (!*record) return fail(errc::not_found, "deploy not found");
  const auto file = transcripts_.open_for_reading(app, deploy_id);
  if (!file) return tl::unexpected(file.error());
  auto part = file->read(offset, std::min(max_bytes, max_read_bytes));
  if (!part || !part->at_end) return part;
  const auto unrecorded = unrecorded_ends_.find(deploy_id);
  const auto& ended = unrecorded == unrecorded_ends_.end() ? **record : unrecorded->second;
  if (ended.status == "running") return part;
  auto rest = missing_end(*file, ended);
  if (!rest) return tl::unexpected(rest.error());
  part->stand_in = std::move(*rest);
  return part;
}

deploy_journal_store::deploy_journal_store(std::shared_ptr<database> db,
                                           boost::asio::any_io_executor worker, options chosen)
    : side_(std::make_shared<worker_side>(std::move(db), std::move(worker), chosen)) {}

deploy_journal_store::~deploy_journal_store() = default;

tl::expected<deploy_journal_store::recovery, std::string> deploy_journal_store::recover(
    protocol::timestamp now, const ids_handler& before_closing) {
  return side_->recover(now, before_closing).map_error([](const error& failed) {
    return failed.message;
  });
}

void deploy_journal_store::begin(actors::deploy_record record, done_handler handler) {
  side_->post<void>(std::move(handler),
                    [record = std::move(record)](worker_side& side) { return side.begin(record); });
}

void deploy_journal_store::append(std::string app, std::string deploy_id, std::string frames,
                                  done_handler handler) {
  const std::size_t bytes = frames.size();
  if (!side_->reserve(bytes)) {
    return side_->post<void>(std::move(handler), [deploy_id](worker_side& side) -> result<void> {
      side.end_early(deploy_id);
      return fail(errc::unavailable,
                  fmt::format("the disk is too slow for the transcript of deploy {}: it ends early",
                              deploy_id));
    });
  }
  side_->post<void>(std::move(handler), [app = std::move(app), deploy_id = std::move(deploy_id),
                                         frames = std::move(frames), bytes](worker_side& side) {
    auto appended = side.append(app, deploy_id, frames);
    side.release(bytes);
    return appended;
  });
}

void deploy_journal_store::finish(actors::deploy_record record, done_handler handler) {
  const std::string app = record.app;
  side_->post<void>(std::move(handler), [record = std::move(record)](worker_side& side) {
    return side.finish(record);
  });
  side_->post_forget_oldest(app);
}

void deploy_journal_store::read(std::string app, std::string deploy_id, std::uint64_t offset,
                                std::size_t max_bytes, part_handler handler) {
  side_->post<actors::transcript_part>(
      std::move(handler),
      [app = std::move(app), deploy_id = std::move(deploy_id), offset,
       max_bytes](worker_side& side) { return side.read(app, deploy_id, offset, max_bytes); });
}

}  // namespace spillway::store
