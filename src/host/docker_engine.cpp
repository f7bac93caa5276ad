#include "host/docker_engine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <exception>
#include <utility>

#include "host/docker_client.hpp"
#include "host/docker_log_stream.hpp"

namespace spillway::host {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> list_and_hand_over(std::shared_ptr<docker_client> client, std::string project,
                                         actors::container_engine::list_handler handler) {
  engine_result<std::vector<actors::container_info>> result = tl::unexpected{engine_unavailable()};
  try {
    result = co_await client->list(std::move(project));
  } catch (const std::exception&) {
    // Out of memory or descriptors: as good as no answer.
  }
  handler(std::move(result));
}

}  // namespace

docker_engine::docker_engine(asio::io_context& io, std::string host_url, log_limits limits,
                             docker_timeouts timeouts)
    : io_(io),
      client_(std::make_shared<docker_client>(std::move(host_url), timeouts)),
      limits_(limits) {}

docker_engine::~docker_engine() = default;

void docker_engine::list(std::string project, list_handler handler) {
  asio::co_spawn(asio::make_strand(io_),
                 list_and_hand_over(client_, std::move(project), std::move(handler)),
                 [](const std::exception_ptr&) {
                   // What the handler threw is its own affair: nothing leaves an I/O handler.
                 });
}

std::unique_ptr<actors::log_stream> docker_engine::open_log(std::string container_id,
                                                            actors::log_query query,
                                                            chunk_handler handler) {
  return open_docker_log(io_, client_, std::move(container_id), query, limits_, std::move(handler));
}

}  // namespace spillway::host
