#include "actors/process_log.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/actor_errors.hpp"
#include "actors/audience.hpp"
#include "protocol/frames.hpp"

namespace spillway::actors {

namespace {

/// However long the lines are, the ring holds no more bytes than this.
constexpr std::size_t process_log_bytes = 4 << 20;

fanout::options process_log_options(const dependencies& deps) {
  return {.ring = {.bytes = process_log_bytes, .frames = deps.settings.process_log.lines},
          .window = deps.settings.stream.window_bytes,
          .lag = lag_policy::skip,
          .skip_notice = [now = deps.now](std::uint64_t count) {
            std::string json;
            protocol::append_process_log_skip_frame(json, now(), count);
            return json;
          }};
}

std::vector<std::string> newest_lines(const frame_ring& ring, std::size_t limit) {
  std::vector<std::string> lines;
  const sequence from = ring.end() - std::min<sequence>(limit, ring.end() - ring.first());
  for (sequence at = from; at < ring.end(); ++at) {
    lines.push_back(nlohmann::json::parse(ring.payload(at)).get<std::string>());
  }
  return lines;
}

}  // namespace

process_log_actor::behavior_type process_log(
    process_log_actor::stateful_pointer<process_log_state> self, const dependencies* deps) {
  log_exceptions(*self, process_log_state::name);
  auto& st = self->state;
  st.viewers = std::make_shared<audience>(
      process_log_options(*deps), [self] { return publisher_actor(process_log_actor(self)); });
  return {
      [self](const subscribe& m) {
        auto& viewers = *self->state.viewers;
        viewers.join(m.id, m.to, viewers.ring().first());
      },
      [self](const next_batch& m) { self->state.viewers->next(m.id); },
      [self](const unsubscribe& m) { self->state.viewers->leave(m.id); },
      [](retirement_granted) {},
      [self](const describe& m) {
        publisher_report report;
        report.kind = stream_kind::process;
        report.state = "following";
        report.mailbox = self->mailbox().size();
        self->state.viewers->describe(report);
        m.answer(std::move(report));
      },
      [self](go_on) { self->state.viewers->take_turn(); },
      [self](const tail_process_log& m) {
        m.answer(newest_lines(self->state.viewers->ring(), m.limit));
      },
      [self, deps](const process_log_lines& m) {
        auto& s = self->state;
        for (const auto& line : *m.lines) {
          s.scratch.clear();
          protocol::append_process_log_frame(s.scratch, line);
          deps->meters->came_in(stream_kind::process, 1, s.scratch.size());
          s.viewers->append(s.scratch);
        }
        s.viewers->pump();
      },
  };
}

}  // namespace spillway::actors
