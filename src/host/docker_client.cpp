#include "host/docker_client.hpp"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "host/docker_exchange.hpp"
#include "host/docker_requests.hpp"

namespace spillway::host {
namespace {

namespace asio = boost::asio;

constexpr std::size_t max_answer = 16 * 1024 * 1024;
constexpr std::size_t max_error_answer = 64 * 1024;

}  // namespace

asio::awaitable<engine_result<std::string>> read_answer(docker_exchange& exchange, unsigned status,
                                                        docker_timeouts timeouts) {
  const std::size_t limit = status == 200 ? max_answer : max_error_answer;
  std::string body;
  exchange.expires_after(timeouts.answer);
  for (;;) {
    auto piece = exchange.next_piece();
    using progress = docker_exchange::progress;
    if (piece.what == progress::complete) break;
    if (piece.what == progress::cut_off) co_return tl::unexpected{engine_unavailable()};
    if (piece.what == progress::malformed) co_return tl::unexpected{bad_engine_answer()};
    if (body.size() + piece.bytes.size() > limit) co_return tl::unexpected{bad_engine_answer()};
    body.append(piece.bytes);
    if (piece.what != progress::needs_input) continue;
    bool received = co_await exchange.receive();
    if (!received) co_return tl::unexpected{engine_unavailable()};
  }
  if (status != 200) co_return tl::unexpected{refused_request(status, body)};
  co_return body;
}

asio::awaitable<engine_result<std::string>> docker_client::get(std::string target) {
  auto strand = co_await asio::this_coro::executor;
  docker_exchange exchange{strand, timeouts_};
  auto status = co_await exchange.open(host_url_, target);
  if (!status) co_return tl::unexpected{status.error()};
  auto body = co_await read_answer(exchange, *status, timeouts_);
  co_return body;
}

asio::awaitable<engine_result<std::string>> docker_client::version_prefix() {
  {
    std::lock_guard lock{mutex_};
    if (version_prefix_) co_return *version_prefix_;
  }
  std::string target = "/version";
  auto answer = co_await get(std::move(target));
  if (!answer && answer.error().code == actors::engine_errc::not_found) {
    co_return tl::unexpected{bad_engine_answer()};
  }
  if (!answer) co_return tl::unexpected{answer.error()};
  auto prefix = parse_version_prefix(*answer);
  if (prefix) {
    std::lock_guard lock{mutex_};
    version_prefix_ = *prefix;
  }
  co_return prefix;
}

void docker_client::forget_version() {
  std::lock_guard lock{mutex_};
  version_prefix_.reset();
}

asio::awaitable<engine_result<std::string>> docker_client::get_versioned(std::string target) {
  auto prefix = co_await version_prefix();
  if (!prefix) co_return tl::unexpected{prefix.error()};
  auto body = co_await get(*prefix + target);
  // Refused for its version, too: another engine may have taken this one's place.
  if (!body && body.error().code != actors::engine_errc::not_found) forget_version();
  co_return body;
}

asio::awaitable<engine_result<std::vector<actors::container_info>>> docker_client::list(
    std::string project) {
  auto body = co_await get_versioned(list_target(project));
  if (body) co_return parse_container_list(*body);
  // Only a container can be missing; an engine without a list is none.
  if (body.error().code == actors::engine_errc::not_found) {
    co_return tl::unexpected{bad_engine_answer()};
  }
  co_return tl::unexpected{body.error()};
}

asio::awaitable<engine_result<container_details>> docker_client::inspect(std::string id) {
  if (!is_container_id(id)) co_return tl::unexpected{container_not_found()};
  auto body = co_await get_versioned(inspect_target(id));
  if (!body) co_return tl::unexpected{body.error()};
  co_return parse_container_details(*body);
}

}  // namespace spillway::host
