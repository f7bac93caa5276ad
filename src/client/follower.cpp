#include "client/follower.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace spillway::client {
namespace {

namespace asio = boost::asio;
using clock = asio::steady_timer::clock_type;

constexpr std::uint16_t closed_normally = 1000;
/// A server sends its ring in one go: what has not come by then does not come.
constexpr std::chrono::seconds quiet_limit{5};

asio::awaitable<void> sleep_for(std::chrono::seconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

std::string with_advice(const std::string& error) {
  if (error != "container not found") return error;
  return error + ": is the app running, and is --service one of its services?";
}

}  // namespace

follower::follower(const server_link& server, subject& what, screen& on, follow_options options,
                   std::function<void()> after_frame)
    : server_(server),
      what_(what),
      on_(on),
      options_(options),
      after_frame_(std::move(after_frame)),
      known_(options.known) {}

asio::awaitable<subject_end> follower::run() {
  for (;;) {
    auto opened = co_await server_.open(what_.target(), what_.app());
    std::optional<subject_end> end;
    if (opened)
      end = co_await stream(**opened);
    else
      end = co_await not_connected(std::move(opened.error()));
    if (end) co_return std::move(*end);
  }
}

asio::awaitable<std::optional<subject_end>> follower::not_connected(failure why) {
  const bool again = why.again == retry::always || (why.again == retry::once_connected && known_);
  if (!again || !options_.reconnect) co_return subject_end{false, why.sentence};
  co_await wait_and_tell(why.sentence, why.retry_after);
  co_return std::nullopt;
}

asio::awaitable<std::optional<subject_end>> follower::stream(frame_stream& open) {
  known_ = true;
  const auto patience_before = backoff_;
  backoff_.reset();
  on_.progress_waits_for("");
  if (!source_failed_) co_await tell_connected();
  what_.begin();
  std::string error;
  for (;;) {
    auto came = co_await open.read();
    if (!came) {
      stream_end how = std::move(came.error());
      // What fails as soon as it is connected is tried less and less often, too.
      if (!error.empty()) backoff_ = patience_before;
      co_return co_await ended(std::move(how), std::move(error));
    }
    co_await take(std::move(*came), error);
    if (what_.end()) {
      co_await open.part();
      co_return what_.end();
    }
  }
}

asio::awaitable<void> follower::take(std::string raw, std::string& error) {
  last_frame_ = clock::now();
  auto parsed = parse_frame(raw);
  if (const auto* said = std::get_if<error_frame>(&parsed)) {
    error = said->sentence;
    if (options_.json) co_await on_.show(std::move(raw), std::move(parsed));
    co_return;
  }
  co_await tell_connected();
  auto fresh = what_.take({std::move(raw), std::move(parsed)});
  for (auto& next : fresh)
    co_await on_.show(std::move(next.raw), std::move(next.parsed), next.took);
  if (after_frame_) after_frame_();
}

asio::awaitable<void> follower::tell_connected() {
  source_failed_ = false;
  if (std::exchange(told_, false)) co_await on_.notice("connected again");
}

asio::awaitable<std::optional<subject_end>> follower::ended(stream_end how, std::string error) {
  if (how.code == closed_normally) {
    auto left = what_.give_up();
    for (auto& next : left) co_await on_.show(std::move(next.raw), std::move(next.parsed));
    if (!error.empty()) co_return subject_end{false, with_advice(error)};
    co_return what_.closed(how.reason);
  }
  const auto why = error.empty() ? how.reason : error;
  auto lost = "connection lost (" + std::to_string(how.code) + (why.empty() ? "" : " ") + why + ")";
  if (!options_.reconnect) co_return subject_end{false, std::move(lost)};
  source_failed_ = !error.empty();
  co_await wait_and_tell(std::move(lost), std::nullopt);
  co_return std::nullopt;
}

asio::awaitable<void> follower::wait_and_tell(std::string why,
                                              std::optional<std::chrono::seconds> asked_for) {
  const auto time = backoff_.next(asked_for);
  if (!std::exchange(told_, true)) {
    co_await on_.notice(why + ", trying again in " + std::to_string(time.count()) + " s");
    on_.progress_waits_for("connecting again");
  }
  co_await sleep_for(time);
}

asio::awaitable<void> follower::watch_quiet() {
  for (;;) {
    co_await sleep_for(std::chrono::seconds(1));
    if (!what_.keeps_back() || clock::now() - last_frame_ < quiet_limit) continue;
    auto left = what_.give_up();
    for (auto& next : left) co_await on_.show(std::move(next.raw), std::move(next.parsed));
  }
}

}  // namespace spillway::client
