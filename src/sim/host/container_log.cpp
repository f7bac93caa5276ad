#include "sim/host/container_log.hpp"

#include <algorithm>
#include <utility>

namespace spillway::sim {

namespace {

/// A batch ends with the entry that reaches this.
constexpr std::size_t batch_bytes = 64 * 1024;

}  // namespace

container_log::container_log(std::size_t max_bytes, log_form form, output_bytes bytes)
    : store_(max_bytes),
      form_(form),
      out_(output_kind::standard_output, bytes),
      err_(output_kind::standard_error, bytes) {}

void container_log::print(output_kind from, std::string_view bytes) {
  (from == output_kind::standard_error ? err_ : out_).feed(bytes, clock_, store_);
}

void container_log::begin() {
  running_ = true;
}

void container_log::end() {
  out_.finish(clock_, store_);
  err_.finish(clock_, store_);
  running_ = false;
  for (auto& [number, each] : readers_) {
    if (!each.end) each.end = store_.end();
  }
  serve();
}

std::uint64_t container_log::open(const log_request& asked) {
  const std::uint64_t all = store_.end() - store_.first();
  const std::uint64_t tail = std::min(asked.tail.value_or(all), all);
  reader made{asked, store_.position(store_.end() - tail), std::nullopt, std::nullopt};
  // As in the Engine, a container that does not run has nothing to follow.
  if (!asked.follow || !running_) made.end = store_.end();
  readers_.emplace(next_reader_, std::move(made));
  return next_reader_++;
}

/// Whether there is an answer: entries, or the end.
bool container_log::fill(reader& of, log_batch& batch) const {
  while (batch.chunks.size() < batch_bytes) {
    if (of.end && of.at.at >= *of.end) {
      batch.last = true;
      return true;
    }
    const auto entry = store_.next(of.at);
    if (!entry) break;
    if (of.asked.since && entry->at < *of.asked.since) continue;
    if (of.asked.until && entry->at > *of.asked.until) {
      batch.last = true;
      return true;
    }
    const bool wanted = entry->from == output_kind::standard_error && form_ != log_form::raw
                            ? of.asked.standard_error
                            : of.asked.standard_output;
    if (wanted) append_log_chunk(batch.chunks, *entry, form_, of.asked.timestamps);
  }
  return !batch.chunks.empty();
}

void container_log::read(std::uint64_t number, answer to) {
  const auto found = readers_.find(number);
  if (found == readers_.end()) return to({{}, true});
  log_batch batch;
  if (fill(found->second, batch)) return to(std::move(batch));
  found->second.waiting = std::move(to);
}

void container_log::close(std::uint64_t number) {
  readers_.erase(number);
}

void container_log::serve() {
  for (auto& [number, each] : readers_) {
    log_batch batch;
    if (!each.waiting || !fill(each, batch)) continue;
    std::exchange(each.waiting, std::nullopt).value()(std::move(batch));
  }
}

bool container_log::has_room() const {
  return std::none_of(readers_.begin(), readers_.end(), [this](const auto& each) {
    const reader& of = each.second;
    return of.at.at < of.end.value_or(store_.end()) && store_.needs_room_of(of.at.at);
  });
}

}  // namespace spillway::sim
