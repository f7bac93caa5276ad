#include "host/docker_log_stream.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "host/docker_exchange.hpp"
#include "host/docker_requests.hpp"
#include "protocol/docker_log_parser.hpp"

namespace spillway::host {
namespace {

namespace asio = boost::asio;
using actors::engine_errc;
using actors::engine_error;
using actors::log_chunk;
using actors::log_end;
using std::chrono::steady_clock;

/// What a line costs beside its text.
constexpr std::size_t line_overhead = 40;
constexpr std::chrono::milliseconds first_exit_delay{20};
/// Docker notes when a container was started once its program runs, and may have printed.
constexpr std::chrono::seconds late_start{1};

void fail(log_chunk& chunk, engine_error error) {
  chunk.end = log_end::failed;
  chunk.error = std::move(error);
}

/// The coroutine that reads, and what it shares with the caller. It keeps itself alive until it has
/// ended or been cancelled.
///
///     opening ──▶ waiting ──read()──▶ filling ──chunk──▶ waiting … ──last chunk──▶ ended
///        └──────────┴────────────────────┴──── cancel() ────────────────────────────▶ ended
///
/// Context: `start`, `read` and `cancel` any thread; the rest on the strand.
class docker_log_reader : public std::enable_shared_from_this<docker_log_reader> {
 public:
  docker_log_reader(asio::io_context& io, std::shared_ptr<docker_client> client, std::string id,
                    actors::log_query query, log_limits limits,
                    actors::container_engine::chunk_handler handler)
      : strand_(asio::make_strand(io)),
        client_(std::move(client)),
        id_(std::move(id)),
        query_(query),
        limits_(limits),
        handler_(std::move(handler)),
        wake_(strand_) {}

  void start() {
    asio::co_spawn(strand_, run(), [self = shared_from_this()](const std::exception_ptr&) {
      self->exchange_.reset();
      self->handler_ = nullptr;
    });
  }

  void read() {
    asio::post(strand_, [self = shared_from_this()] {
      self->demand_ = true;
      self->wake_.cancel();
    });
  }

  void cancel() {
    asio::post(strand_, [self = shared_from_this()] {
      self->cancelled_ = true;
      self->wake_.cancel();
      if (self->exchange_) self->exchange_->close();
    });
  }

 private:
  asio::awaitable<void> run();
  asio::awaitable<void> read_chunks();
  asio::awaitable<std::optional<engine_error>> open();
  asio::awaitable<void> wait_for_demand();
  asio::awaitable<void> wait(std::chrono::milliseconds time);
  asio::awaitable<void> fill(log_chunk& chunk);
  asio::awaitable<bool> receive();
  asio::awaitable<void> end_of_body(log_chunk& chunk);
  bool finish_lines(log_chunk& chunk);
  bool is_being_written(const protocol::log_line& line) const;
  asio::awaitable<void> expect_an_answer(log_chunk& chunk);
  asio::awaitable<void> find_out_about_exit(log_chunk& chunk);
  asio::awaitable<void> find_out_about_next_run(log_chunk& chunk);
  void note_lines_past_exit(const log_chunk& chunk);
  void deliver(std::shared_ptr<const log_chunk> chunk);

  asio::any_io_executor strand_;
  std::shared_ptr<docker_client> client_;
  std::string id_;
  actors::log_query query_;
  log_limits limits_;
  actors::container_engine::chunk_handler handler_;

  /// Never expires while it stands for a demand to come.
  asio::steady_timer wake_;
  bool demand_ = false;
  bool cancelled_ = false;

  std::optional<docker_exchange> exchange_;
  std::optional<protocol::docker_log_parser> parser_;
  /// Of the container whose log was opened: another one is another life of it.
  std::string started_at_;
  /// Where it ran when its log was opened.
  std::optional<protocol::timestamp> running_since_;
  bool body_ended_ = false;
  /// Of a read about a run: a line came that is stamped later than that run's exit.
  bool read_past_exit_ = false;
};

asio::awaitable<void> docker_log_reader::run() {
  try {
    co_await read_chunks();
    co_return;
  } catch (const std::exception&) {
    // Out of memory or descriptors: this stream fails, and no other.
  }
  co_await wait_for_demand();
  if (cancelled_) co_return;
  auto last = std::make_shared<log_chunk>();
  fail(*last, {engine_errc::bad_answer, "the log could not be read"});
  deliver(std::move(last));
}

asio::awaitable<void> docker_log_reader::read_chunks() {
  std::optional<engine_error> error = co_await open();
  for (;;) {
    co_await wait_for_demand();
    if (cancelled_) co_return;
    auto chunk = std::make_shared<log_chunk>();
    if (error) {
      fail(*chunk, std::move(*error));
    } else {
      co_await fill(*chunk);
    }
    if (cancelled_) co_return;
    if (parser_) chunk->entries = parser_->entries();
    note_lines_past_exit(*chunk);
    const bool last = chunk->end.has_value();
    deliver(std::move(chunk));
    if (last) co_return;
  }
}

asio::awaitable<std::optional<engine_error>> docker_log_reader::open() {
  auto details = co_await client_->inspect(id_);
  if (!details) co_return details.error();
  auto prefix = co_await client_->version_prefix();
  if (!prefix) co_return prefix.error();
  if (cancelled_) co_return engine_unavailable();

  started_at_ = details->started_at;
  if (details->running) running_since_ = protocol::parse_rfc3339(started_at_);
  parser_.emplace(details->tty ? protocol::log_framing::raw : protocol::log_framing::multiplexed,
                  limits_.line_bytes);
  exchange_.emplace(strand_, client_->timeouts());
  std::string target = *prefix + logs_target(id_, query_);
  auto status = co_await exchange_->open(client_->host_url(), target);
  if (!status) {
    client_->forget_version();
    co_return status.error();
  }
  if (*status == 200) co_return std::nullopt;
  auto answer = co_await read_answer(*exchange_, *status, client_->timeouts());
  co_return answer ? bad_engine_answer() : answer.error();
}

asio::awaitable<void> docker_log_reader::wait_for_demand() {
  while (!demand_ && !cancelled_) {
    wake_.expires_at(steady_clock::time_point::max());
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<void> docker_log_reader::wait(std::chrono::milliseconds time) {
  wake_.expires_after(time);
  co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void docker_log_reader::note_lines_past_exit(const log_chunk& chunk) {
  if (!query_.about) return;
  for (std::size_t i = 0; i < chunk.lines.size() && !read_past_exit_; ++i) {
    read_past_exit_ = chunk.lines[i].at > query_.about->exited_at;
  }
}

void docker_log_reader::deliver(std::shared_ptr<const log_chunk> chunk) {
  // Before the call: the handler may ask for the next chunk at once.
  demand_ = false;
  try {
    handler_(std::move(chunk));
  } catch (...) {
    // The handler's own affair: nothing may leave an I/O handler.
  }
}

/// Waits for a line or the end, then takes what can be had without waiting.
asio::awaitable<void> docker_log_reader::fill(log_chunk& chunk) {
  using progress = docker_exchange::progress;
  while (chunk.lines.bytes() + chunk.lines.size() * line_overhead < limits_.chunk_bytes) {
    auto piece = exchange_->next_piece();
    if (piece.what == progress::piece) {
      auto fed = parser_->feed(piece.bytes, chunk.lines);
      if (fed) continue;
      co_return fail(chunk, {engine_errc::bad_answer, fed.error()});
    }
    if (piece.what == progress::cut_off) co_return fail(chunk, engine_unavailable());
    if (piece.what == progress::malformed) co_return fail(chunk, bad_engine_answer());
    if (piece.what == progress::complete) {
      co_await end_of_body(chunk);
      co_return;
    }
    if (!chunk.lines.empty() && !exchange_->can_receive()) co_return;
    bool received = co_await receive();
    if (!received) co_return fail(chunk, engine_unavailable());
  }
}

asio::awaitable<bool> docker_log_reader::receive() {
  if (query_.follow) {
    exchange_->expires_never();
  } else {
    exchange_->expires_after(client_->timeouts().history);
  }
  bool received = co_await exchange_->receive();
  co_return received;
}

asio::awaitable<void> docker_log_reader::end_of_body(log_chunk& chunk) {
  if (!std::exchange(body_ended_, true) && !finish_lines(chunk)) co_return;
  const bool until_passed = query_.until && *query_.until <= std::chrono::system_clock::now();
  const bool bounded = !query_.follow || until_passed;
  const bool certain = bounded && !exchange_->ends_with_connection();
  // Lines first: to find out why the stream ended may take a while.
  if (!certain && !chunk.lines.empty()) co_return;
  if (!bounded) {
    co_await find_out_about_exit(chunk);
    co_return;
  }
  if (!certain) co_await expect_an_answer(chunk);
  if (chunk.end) co_return;
  chunk.end = log_end::end_of_history;
  if (query_.about) co_await find_out_about_next_run(chunk);
}

/// Takes over the lines that have no end. False where the log ended within something else.
bool docker_log_reader::finish_lines(log_chunk& chunk) {
  protocol::log_lines endless;
  auto finished = parser_->finish(endless);
  for (std::size_t i = 0; i < endless.size(); ++i) {
    if (is_being_written(endless[i])) continue;
    chunk.lines.append(endless[i]);
    ++chunk.unfinished;
  }
  if (!finished) fail(chunk, {engine_errc::bad_answer, finished.error()});
  return finished.has_value();
}

/// Docker splits long lines, and keeps none without its end while the container runs but the parts
/// of one whose last part is yet to come. A history has it once it is whole, or the container dead.
bool docker_log_reader::is_being_written(const protocol::log_line& line) const {
  const bool of_this_run = running_since_ && line.at >= *running_since_ - late_start;
  return !query_.follow && !query_.about && of_this_run;
}

/// An engine that died in the middle of an answer without chunks or length does not answer again:
/// then the log has failed.
asio::awaitable<void> docker_log_reader::expect_an_answer(log_chunk& chunk) {
  exchange_->close();
  auto details = co_await client_->inspect(id_);
  if (!details && details.error().code != engine_errc::not_found) fail(chunk, details.error());
}

/// The engine ends the log a little before it knows that the container has exited. Where it was
/// read slowly, Docker 20.10 may end it so before its last lines: they are in the history alone.
asio::awaitable<void> docker_log_reader::find_out_about_exit(log_chunk& chunk) {
  exchange_->close();
  const auto deadline = steady_clock::now() + client_->timeouts().exit;
  for (auto delay = first_exit_delay; !cancelled_; delay *= 2) {
    auto details = co_await client_->inspect(id_);
    if (!details && details.error().code != engine_errc::not_found) {
      co_return fail(chunk, details.error());
    }
    if (!details || !details->running || details->started_at != started_at_) {
      chunk.end = log_end::container_exited;
      if (details) chunk.ended = ended_run_of(started_at_, *details);
      co_return;
    }
    const auto left = deadline - steady_clock::now();
    if (left <= steady_clock::duration::zero()) break;
    co_await wait(std::min(delay, std::chrono::ceil<std::chrono::milliseconds>(left)));
  }
  fail(chunk, {engine_errc::bad_answer, "the log stream ended while the container runs on"});
}

/// After the read: whoever is started later than this has printed nothing that was read.
asio::awaitable<void> docker_log_reader::find_out_about_next_run(log_chunk& chunk) {
  note_lines_past_exit(chunk);
  if (!read_past_exit_) co_return;
  exchange_->close();
  auto details = co_await client_->inspect(id_);
  // A container that is gone has no next run; of an engine that is, nothing is known.
  if (details) chunk.next_run = next_run_after(*query_.about, *details);
}

/// What the caller holds.
class docker_log_stream : public actors::log_stream {
 public:
  explicit docker_log_stream(std::shared_ptr<docker_log_reader> reader)
      : reader_(std::move(reader)) {}
  ~docker_log_stream() override { reader_->cancel(); }

  void read() override { reader_->read(); }

 private:
  std::shared_ptr<docker_log_reader> reader_;
};

}  // namespace

std::unique_ptr<actors::log_stream> open_docker_log(
    asio::io_context& io, std::shared_ptr<docker_client> client, std::string container_id,
    actors::log_query query, log_limits limits, actors::container_engine::chunk_handler handler) {
  auto reader = std::make_shared<docker_log_reader>(io, std::move(client), std::move(container_id),
                                                    query, limits, std::move(handler));
  auto stream = std::make_unique<docker_log_stream>(reader);
  reader->start();
  return stream;
}

}  // namespace spillway::host
