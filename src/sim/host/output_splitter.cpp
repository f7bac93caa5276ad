#include "sim/host/output_splitter.hpp"

#include "protocol/utf8.hpp"

namespace spillway::sim {

namespace {

/// Byte by byte, as Go's encoder does.
std::string with_replacements(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    const auto part = protocol::first_utf8_part(text);
    const std::size_t size = part.valid ? part.size : 1;
    repaired.append(part.valid ? text.substr(0, size) : protocol::utf8_replacement);
    text.remove_prefix(size);
  }
  return repaired;
}

}  // namespace

void output_splitter::append(std::string_view text, log_clock& clock, log_store& log, bool last) {
  if (!begun_at_) begun_at_ = clock.stamp();
  if (bytes_ == output_bytes::repaired && !protocol::is_valid_utf8(text)) {
    log.append({*begun_at_, from_, with_replacements(text)});
  } else {
    log.append({*begun_at_, from_, text});
  }
  if (last) begun_at_.reset();
}

void output_splitter::feed(std::string_view bytes, log_clock& clock, log_store& log) {
  while (!bytes.empty()) {
    const std::size_t room = entry_bytes - pending_.size();
    const std::size_t newline = bytes.substr(0, room).find('\n');
    const bool whole = newline != std::string_view::npos;
    const std::string_view piece = bytes.substr(0, whole ? newline + 1 : room);
    bytes.remove_prefix(piece.size());
    if (!whole && piece.size() < room) {
      pending_.append(piece);
      return;
    }
    if (pending_.empty()) {
      append(piece, clock, log, whole);
    } else {
      pending_.append(piece);
      append(pending_, clock, log, whole);
      pending_.clear();
    }
  }
}

void output_splitter::finish(log_clock& clock, log_store& log) {
  if (!pending_.empty()) append(pending_, clock, log, true);
  pending_.clear();
  begun_at_.reset();
}

}  // namespace spillway::sim
