#include "host/compose_locator.hpp"

#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <optional>
#include <utility>

#include "host/child.hpp"

namespace spillway::host {

namespace asio = boost::asio;

struct compose_locator::search : std::enable_shared_from_this<search> {
  using strand_type = asio::strand<asio::io_context::executor_type>;

  /// One call of a candidate, under way.
  struct trial {
    trial(strand_type& strand, child c) : process(std::move(c)), ended(strand), deadline(strand) {}
    child process;
    asio::posix::stream_descriptor ended;
    asio::steady_timer deadline;
  };

  search(asio::io_context& io, std::vector<command> c, std::chrono::milliseconds p,
         std::vector<std::string> e)
      : strand(asio::make_strand(io)),
        candidates(std::move(c)),
        patience(p),
        environment(std::move(e)) {}

  void locate(handler done) {
    if (found) return done(*found);
    waiting.push_back(std::move(done));
    if (waiting.size() == 1) try_candidate(0);
  }

  void try_candidate(std::size_t index) {
    for (; index < candidates.size(); ++index) {
      child_command version{
          .words = candidates[index], .directory = {}, .environment = environment};
      version.words.push_back("version");
      auto started = child::launch(version, child_output::discarded);
      if (started) return watch(std::move(*started), index);
    }
    answer(tl::unexpected<std::string>(
        "neither `docker compose` nor `docker-compose` works on this host: install the package "
        "docker-compose-plugin or docker-compose, or set docker.compose_command"));
  }

  void watch(child process, std::size_t index) {
    auto t = std::make_shared<trial>(strand, std::move(process));
    boost::system::error_code ec;
    t->ended.assign(t->process.ended.get(), ec);
    if (ec) return try_candidate(index + 1);
    t->process.ended.release();
    t->deadline.expires_after(patience);
    t->deadline.async_wait([t](boost::system::error_code error) {
      if (!error) t->process.signal_group(SIGKILL);
    });
    t->ended.async_wait(asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this(), t, index](boost::system::error_code) {
                          t->deadline.cancel();
                          if (t->process.exit_code() != 0) return self->try_candidate(index + 1);
                          self->found = self->candidates[index];
                          self->answer(*self->found);
                        });
  }

  void answer(const tl::expected<command, std::string>& result) {
    for (handler& done : std::exchange(waiting, {})) done(result);
  }

  strand_type strand;
  std::vector<command> candidates;
  std::chrono::milliseconds patience;
  std::vector<std::string> environment;
  std::vector<handler> waiting;
  std::optional<command> found;
};

compose_locator::compose_locator(asio::io_context& io, std::vector<command> candidates,
                                 std::chrono::milliseconds patience,
                                 std::vector<std::string> environment)
    : search_(
          std::make_shared<search>(io, std::move(candidates), patience, std::move(environment))) {}

compose_locator::~compose_locator() = default;

void compose_locator::locate(handler done) {
  asio::post(search_->strand,
             [s = search_, done = std::move(done)]() mutable { s->locate(std::move(done)); });
}

std::vector<compose_locator::command> compose_locator::usual_candidates() {
  return {{"docker", "compose", "--ansi", "never"},
          {"docker", "compose"},
          {"docker-compose", "--ansi", "never"},
          {"docker-compose", "--no-ansi"},
          {"docker-compose"}};
}

}  // namespace spillway::host
