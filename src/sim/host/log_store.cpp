#include "sim/host/log_store.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace spillway::sim {

namespace {

constexpr std::size_t block_bytes = 64 * 1024;
/// Time, kind and length stand before each text.
constexpr std::size_t entry_head = sizeof(std::int64_t) + 1 + sizeof(std::uint32_t);

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T take(const char*& from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  from += sizeof value;
  return value;
}

}  // namespace

void log_store::append(const log_entry& entry) {
  const std::size_t size = entry_head + entry.text.size();
  if (blocks_.empty() || blocks_.back().bytes.size() + size > block_bytes) {
    blocks_.push_back({end_, {}});
  }
  std::string& out = blocks_.back().bytes;
  put(out, entry.at.time_since_epoch().count());
  out.push_back(static_cast<char>(entry.from));
  put(out, static_cast<std::uint32_t>(entry.text.size()));
  out.append(entry.text);
  bytes_ += size;
  ++end_;
  while (bytes_ > max_bytes_ && blocks_.size() > 1) {
    bytes_ -= blocks_.front().bytes.size();
    blocks_.pop_front();
  }
}

log_store::cursor log_store::position(std::uint64_t number) const {
  cursor where{std::clamp(number, first(), end_), 0, 0};
  if (where.at == end_) return where;
  const auto after =
      std::upper_bound(blocks_.begin(), blocks_.end(), where.at,
                       [](std::uint64_t wanted, const block& each) { return wanted < each.first; });
  const block& holds = *std::prev(after);
  const std::uint64_t wanted = where.at;
  where = {holds.first, holds.first, 0};
  while (where.at < wanted) next(where);
  return where;
}

std::optional<log_entry> log_store::next(cursor& where) const {
  if (where.at >= end_) return std::nullopt;
  auto at =
      std::lower_bound(blocks_.begin(), blocks_.end(), where.block,
                       [](const block& each, std::uint64_t wanted) { return each.first < wanted; });
  const bool known = at != blocks_.end() && at->first == where.block && where.at >= at->first;
  if (!known || where.offset == 0 || where.offset >= at->bytes.size()) {
    // At the beginning of a block, past the end of one, or in one that is gone.
    const std::uint64_t wanted = std::max(where.at, first());
    const auto after = std::upper_bound(
        blocks_.begin(), blocks_.end(), wanted,
        [](std::uint64_t number, const block& each) { return number < each.first; });
    at = std::prev(after);
    if (at->first == wanted) {
      where = {wanted, wanted, 0};
    } else if (!known || where.offset == 0) {
      where = position(wanted);
    }
  }
  const char* from = at->bytes.data() + where.offset;
  log_entry entry;
  entry.at = protocol::timestamp(std::chrono::nanoseconds(take<std::int64_t>(from)));
  entry.from = static_cast<output_kind>(take<char>(from));
  const auto size = take<std::uint32_t>(from);
  entry.text = {from, size};
  ++where.at;
  where.offset += entry_head + size;
  return entry;
}

bool log_store::needs_room_of(std::uint64_t number) const {
  if (bytes_ + block_bytes <= max_bytes_ || blocks_.size() < 2) return false;
  return number < blocks_[1].first;
}

}  // namespace spillway::sim
