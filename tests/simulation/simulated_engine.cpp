#include "simulation/simulated_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace spillway::simulation {

using namespace actors;

namespace {

const engine_error gone_away{engine_errc::unavailable, "docker engine unavailable"};
const engine_error no_such{engine_errc::not_found, "container not found"};

}  // namespace

/// One open log. What is on its way to the reader holds the shared part, so that the stream may be
/// destroyed meanwhile.
class simulated_engine::stream : public log_stream {
 public:
  stream(simulated_engine& engine, std::string id, log_query query, chunk_handler handler)
      : engine_(engine),
        number_(++engine.last_stream_),
        id_(std::move(id)),
        query_(query),
        lane_(engine.world_.new_lane()),
        shared_(std::make_shared<shared>(shared{std::move(handler)})) {
    engine_.streams_.emplace(number_, this);
    engine_.world_.note(fmt::format("log {} of {} is opened{}{}{}{}", number_, id_,
                                    query_.follow ? ", followed" : "",
                                    query_.tail ? fmt::format(", tail {}", *query_.tail) : "",
                                    query_.since ? ", since" : "", query_.until ? ", until" : ""));
  }
  ~stream() override {
    engine_.streams_.erase(number_);
    if (shared_->wanted && engine_.world_.chance(engine_.how_.late_chunk)) {
      auto late = std::make_shared<log_chunk>();
      late->end = log_end::failed;
      late->error = gone_away;
      engine_.world_.soon(lane_, [keep = shared_, late] { keep->handler(late); });
    }
    shared_->stream_gone = true;
  }
  void read() override {
    if (shared_->wanted) engine_.world_.broken("a log was read while a read was under way");
    if (over_) engine_.world_.broken("a log was read after its end");
    shared_->wanted = true;
    if (engine_.world_.chance(engine_.how_.synchronous)) return serve();
    serve_soon();
  }
  void serve_soon() {
    if (!shared_->wanted || std::exchange(shared_->on_its_way, true)) return;
    engine_.world_.soon(lane_, [this, keep = shared_] {
      keep->on_its_way = false;
      if (!keep->stream_gone) serve();
    });
  }
  const std::string& id() const { return id_; }
  bool follows() const { return query_.follow && begun_; }
  /// The reader asks for a chunk only when it is done with the one before.
  std::size_t surely_read() const { return before_last_chunk_; }

 private:
  struct shared {
    chunk_handler handler;
    bool wanted = false;
    bool on_its_way = false;
    bool stream_gone = false;
  };

  void serve() {
    if (!shared_->wanted) return;
    simulated_container* c = engine_.find(id_);
    // A bounded read goes on in the files that it has open.
    if (c == nullptr && begun_ && !query_.follow) c = known_;
    if (!engine_.available_) return fail(gone_away, c);
    if (c == nullptr && !begun_) return fail(no_such, nullptr);
    if (c == nullptr) return hand_over_end(log_end::container_exited);
    if (c->stalled) return;
    if (c->next_failure) return fail(*std::exchange(c->next_failure, std::nullopt), c);
    if (!std::exchange(begun_, true)) begin(*c);
    known_ = c;
    auto chunk = std::make_shared<log_chunk>();
    before_last_chunk_ = next_;
    fill(*chunk, *c);
    if (chunk->lines.empty() && !chunk->end) return;
    hand_over(std::move(chunk));
  }

  void begin(const simulated_container& c) {
    next_ = c.kept_from;
    end_ = c.log.size();
    if (!query_.tail) return;
    std::uint64_t left = *query_.tail;
    next_ = end_;
    while (left > 0 && next_ > c.kept_from) {
      const std::uint64_t entries = c.log[--next_].entries;
      if (entries > left) partial_ = next_, missing_entries_ = entries - left;
      left -= std::min(left, entries);
    }
  }

  void fill(log_chunk& chunk, const simulated_container& c) {
    std::size_t stop = query_.follow ? c.log.size() : std::max(end_, next_);
    if (query_.follow && c.exit_length) {
      const std::size_t lost = engine_.world_.random().below(engine_.how_.lost_at_exit + 1);
      stop = std::max(next_, *c.exit_length - std::min(*c.exit_length, lost));
    }
    const std::size_t most = 1 + engine_.world_.random().below(engine_.how_.chunk_lines);
    for (; next_ < stop && chunk.lines.size() < most; ++next_) {
      const printed_line& l = c.log[next_];
      entries_ += l.entries - (partial_ == next_ ? missing_entries_ : 0);
      if (query_.since && l.at < *query_.since) continue;
      if (query_.until && l.at > *query_.until) continue;
      const auto text = (partial_ == next_ ? "a part of " : "") + line_text(c, next_);
      chunk.lines.append({l.at, l.stream, text, (c.index + 1) << 32U | next_});
    }
    chunk.entries = entries_;
    if (next_ < stop) return;
    if (!query_.follow) chunk.end = log_end::end_of_history;
    if (query_.follow && c.exit_length) chunk.end = log_end::container_exited;
  }

  void fail(const engine_error& why, simulated_container* c) {
    if (c != nullptr) c->last_failure = engine_.world_.step_number();
    auto chunk = std::make_shared<log_chunk>();
    chunk->entries = entries_;
    chunk->end = log_end::failed;
    chunk->error = why;
    hand_over(std::move(chunk));
  }

  void hand_over_end(log_end how) {
    auto chunk = std::make_shared<log_chunk>();
    chunk->entries = entries_;
    chunk->end = how;
    hand_over(std::move(chunk));
  }

  void hand_over(std::shared_ptr<log_chunk> chunk) {
    shared_->wanted = false;
    if (chunk->end) over_ = true;
    engine_.world_.note(fmt::format("log {} of {}: {} lines up to {}{}", number_, id_,
                                    chunk->lines.size(), next_,
                                    !chunk->end                      ? ""
                                    : *chunk->end == log_end::failed ? ", then fails"
                                                                     : ", the last"));
    shared_->handler(std::move(chunk));
  }

  simulated_engine& engine_;
  const std::uint64_t number_;
  const std::string id_;
  const log_query query_;
  const lane lane_;
  const std::shared_ptr<shared> shared_;
  simulated_container* known_ = nullptr;
  std::size_t before_last_chunk_ = 0;
  bool begun_ = false;
  bool over_ = false;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  std::optional<std::size_t> partial_;
  std::uint64_t missing_entries_ = 0;
  std::uint64_t entries_ = 0;
};

simulated_container& simulated_engine::create(const std::string& project,
                                              const std::string& service, std::uint32_t replica) {
  auto& c = *containers_.emplace_back(std::make_unique<simulated_container>());
  c.index = containers_.size() - 1;
  c.created = world_.step_number();
  c.info = {fmt::format("id{}", c.index), project, service, replica, "running", ""};
  world_.note(fmt::format("create {} {} {}", c.info.id, project, service));
  return c;
}

std::size_t simulated_engine::surely_had(const simulated_container& c) const {
  std::size_t least = c.log.size();
  for (const auto& [number, s] : streams_) {
    if (s->id() == c.info.id && s->follows()) least = std::min(least, s->surely_read());
  }
  return least;
}

std::string simulated_engine::line_text(const simulated_container& c, std::size_t number) {
  return fmt::format("c{} n{}", c.index, number);
}

void simulated_engine::print(simulated_container& c, std::size_t lines) {
  if (!c.running || c.removed) return;
  world_.note(fmt::format("print {} +{}", c.info.id, lines));
  for (std::size_t i = 0; i < lines; ++i) {
    const bool err = world_.chance(0.1);
    // Stdout and stderr are stamped apart: one may be a little earlier than its neighbour.
    const std::chrono::nanoseconds earlier{err ? world_.random().below(300'000'000) : 0};
    c.log.push_back(
        {world_.now() + c.skew - earlier + std::chrono::nanoseconds(c.log.size()),
         err ? protocol::output_stream::standard_error : protocol::output_stream::standard_output,
         world_.chance(0.1) ? world_.between(2, 4) : 1});
  }
  poke(c);
}

void simulated_engine::exit(simulated_container& c) {
  if (!c.running || c.removed) return;
  world_.note("exit " + c.info.id);
  c.running = false;
  c.info.state = "exited";
  c.exit_length = c.log.size();
  c.last_exit = world_.step_number();
  c.exits.push_back({c.last_exit, c.log.size()});
  poke(c);
}

void simulated_engine::restart(simulated_container& c) {
  if (c.running || c.removed) return;
  world_.note("restart " + c.info.id);
  // Streams that were open have had their end first.
  poke(c);
  c.last_exit = world_.step_number();  // until now it was exited
  c.running = true;
  c.info.state = "running";
  c.exit_length.reset();
}

void simulated_engine::remove(simulated_container& c) {
  if (c.removed) return;
  exit(c);
  world_.note("remove " + c.info.id);
  c.removed = true;
  c.last_removal = world_.step_number();
  poke(c);
}

void simulated_engine::rotate(simulated_container& c, std::size_t lines) {
  world_.note(fmt::format("rotate {} {}", c.info.id, lines));
  c.kept_from = std::min(c.log.size(), c.kept_from + lines);
}

void simulated_engine::stall(simulated_container& c, bool stalled) {
  world_.note(fmt::format("stall {} {}", c.info.id, stalled));
  c.stalled = stalled;
  if (stalled) return;
  // The news of an exit may have waited for this.
  if (!c.exits.empty()) c.last_exit = world_.step_number();
  poke(c);
}

void simulated_engine::fail_next(simulated_container& c, engine_error error) {
  world_.note("fail " + c.info.id);
  c.next_failure = std::move(error);
  poke(c);
}

void simulated_engine::set_available(bool available) {
  world_.note(available ? "engine is back" : "engine is away");
  available_ = available;
  if (!available) last_unavailable_ = world_.step_number();
  for (auto& [number, s] : streams_) s->serve_soon();
}

void simulated_engine::list(std::string project, list_handler handler) {
  auto answer = [this, project = std::move(project), handler = std::move(handler)] {
    world_.note("list " + project);
    if (!available_) {
      last_unavailable_ = world_.step_number();
      return handler(tl::unexpected(gone_away));
    }
    std::vector<container_info> found;
    for (const auto& c : containers_) {
      if (!c->removed && (project.empty() || c->info.project == project)) found.push_back(c->info);
    }
    handler(std::move(found));
  };
  if (world_.chance(how_.synchronous)) return answer();
  world_.soon(world_.chance(0.5) ? lists_ : world_.new_lane(), std::move(answer));
}

std::unique_ptr<log_stream> simulated_engine::open_log(std::string id, log_query query,
                                                       chunk_handler handler) {
  if (auto* c = find(id); c != nullptr && std::exchange(c->throws_on_open, false)) {
    c->last_throw = world_.step_number();
    throw std::runtime_error("planted by the simulation");
  }
  return std::make_unique<stream>(*this, std::move(id), query, std::move(handler));
}

simulated_container* simulated_engine::find(const std::string& id) {
  for (auto& c : containers_) {
    if (c->info.id == id && !c->removed) return c.get();
  }
  return nullptr;
}

void simulated_engine::poke(const simulated_container& c) {
  for (auto& [number, s] : streams_) {
    if (s->id() == c.info.id) s->serve_soon();
  }
}

}  // namespace spillway::simulation
