#include "protocol/docker_log_parser.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace spillway::protocol {
namespace {

/// Docker splits a line into entries of this size.
constexpr std::uint64_t entry_size = 16384;
/// Entries are 16 KiB by default and up to 1 MiB with some log drivers; more is not Docker's.
constexpr std::size_t max_frame = (1 << 20) + 64;
/// `2026-04-17T10:14:32.118000000Z`, or the same with an offset.
constexpr std::size_t utc_stamp = 30;
constexpr std::size_t offset_stamp = 35;
/// Docker's stream of its own errors (`stdcopy.Systemerr`).
constexpr unsigned char engine_error_stream = 3;

constexpr std::uint64_t fnv_basis = 14695981039346656037ULL;
constexpr std::uint64_t fnv_prime = 1099511628211ULL;

/// FNV-1a, 64 bits.
std::uint64_t hashed(std::uint64_t hash, std::string_view bytes) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * fnv_prime;
  return hash;
}

std::uint64_t hashed_origin(timestamp at, output_stream stream) {
  char origin[9];
  const auto nanoseconds = at.time_since_epoch().count();
  std::memcpy(origin, &nanoseconds, sizeof nanoseconds);
  origin[8] = static_cast<char>(stream);
  return hashed(fnv_basis, {origin, sizeof origin});
}

/// `text` without its space, where it is what Docker writes before each entry.
std::optional<timestamp> parse_stamp(std::string_view text) {
  if (text.size() != utc_stamp && text.size() != offset_stamp) return std::nullopt;
  if (text[19] != '.') return std::nullopt;
  if (text.size() == utc_stamp ? text[29] != 'Z' : text[29] != '+' && text[29] != '-')
    return std::nullopt;
  return parse_rfc3339(text);
}

}  // namespace

docker_log_parser::docker_log_parser(log_framing framing, std::size_t max_line_bytes)
    : framing_(framing),
      state_(framing == log_framing::raw ? state::stamp : state::header),
      lines_{assembly{output_stream::standard_output, bounded_line(max_line_bytes), {}, {}},
             assembly{output_stream::standard_error, bounded_line(max_line_bytes), {}, {}}},
      line_(nullptr) {
  stamp_.reserve(offset_stamp + 1);
}

tl::expected<void, std::string> docker_log_parser::feed(std::string_view bytes, log_lines& out) {
  if (framing_ == log_framing::raw) {
    line_ = &lines_[0];
    while (!bytes.empty()) {
      if (state_ == state::stamp)
        take_stamp(bytes, out);
      else
        take_raw_content(bytes, out);
    }
    return {};
  }
  while (!bytes.empty()) {
    if (state_ != state::header)
      take_frame(bytes, out);
    else if (auto taken = take_header(bytes); !taken)
      return taken;
  }
  return {};
}

tl::expected<void, std::string> docker_log_parser::finish(log_lines& out) {
  if (framing_ == log_framing::multiplexed && (state_ != state::header || header_size_ > 0))
    return tl::unexpected<std::string>("the log ended within a frame");
  if (framing_ == log_framing::raw && !stamp_.empty()) {
    line_ = &lines_[0];
    begin_without_stamp(out);
  }
  for (auto& line : lines_)
    if (line.open) end_line(line, out);
  return {};
}

tl::expected<void, std::string> docker_log_parser::take_header(std::string_view& bytes) {
  const auto n = std::min(bytes.size(), header_.size() - header_size_);
  std::memcpy(header_.data() + header_size_, bytes.data(), n);
  header_size_ += n;
  bytes.remove_prefix(n);
  if (header_size_ < header_.size()) return {};
  header_size_ = 0;

  if (header_[1] != 0 || header_[2] != 0 || header_[3] != 0 || header_[0] > engine_error_stream)
    return tl::unexpected<std::string>("the log has a frame header that is not Docker's");
  if (header_[0] == engine_error_stream)
    return tl::unexpected<std::string>("docker could not read the container's log");
  const std::size_t length = static_cast<std::size_t>(header_[4]) << 24 |
                             static_cast<std::size_t>(header_[5]) << 16 |
                             static_cast<std::size_t>(header_[6]) << 8 | header_[7];
  if (length > max_frame)
    return tl::unexpected<std::string>("the log has a frame that claims " + std::to_string(length) +
                                       " bytes");
  if (length == 0) return {};
  frame_left_ = length;
  line_ = &lines_[header_[0] == 2 ? 1 : 0];
  content_size_ = 0;
  state_ = state::stamp;
  return {};
}

void docker_log_parser::take_frame(std::string_view& bytes, log_lines& out) {
  auto part = bytes.substr(0, frame_left_);
  bytes.remove_prefix(part.size());
  frame_left_ -= part.size();
  while (!part.empty()) {
    if (state_ == state::stamp) {
      take_stamp(part, out);
    } else {
      take_content(part, out);
      part = {};
    }
  }
  if (frame_left_ == 0) end_frame(out);
}

void docker_log_parser::end_frame(log_lines& out) {
  if (state_ == state::stamp) begin_without_stamp(out);
  // Without a newline and shorter than what Docker splits at: the line's end, not its part.
  if (line_->open && content_size_ < entry_size) end_line(*line_, out);
  state_ = state::header;
}

void docker_log_parser::take_stamp(std::string_view& bytes, log_lines& out) {
  while (!bytes.empty() && stamp_.size() <= offset_stamp) {
    const char c = bytes.front();
    if (c == '\n') return begin_without_stamp(out);
    bytes.remove_prefix(1);
    if (c == ' ') {
      if (const auto at = parse_stamp(stamp_)) return begin_entry(*at);
      stamp_ += c;
      return begin_without_stamp(out);
    }
    stamp_ += c;
  }
  if (stamp_.size() > offset_stamp) begin_without_stamp(out);
}

void docker_log_parser::begin_entry(timestamp at) {
  ++entries_;
  stamp_.clear();
  state_ = state::content;
  content_size_ = 0;
  last_at_ = at;
  line_->entry_at = at;
  line_->hash = hashed_origin(at, line_->stream);
  if (!line_->open) {
    line_->open = true;
    line_->first_at = at;
  }
}

/// What stands where a timestamp may be is not one: it is content, of the entry under way (raw,
/// after 16384 bytes) or of one without a timestamp.
void docker_log_parser::begin_without_stamp(log_lines& out) {
  const std::string content = stamp_;
  if (content_size_ == 0) begin_entry(last_at_);
  stamp_.clear();
  state_ = state::content;
  take_content(content, out);
}

void docker_log_parser::take_raw_content(std::string_view& bytes, log_lines& out) {
  const auto until_split = static_cast<std::size_t>(entry_size - content_size_ % entry_size);
  auto part = bytes.substr(0, until_split);
  const auto newline = part.find('\n');
  if (newline != part.npos) part = part.substr(0, newline + 1);
  bytes.remove_prefix(part.size());
  take_content(part, out);
  if (newline != part.npos) {
    content_size_ = 0;
    state_ = state::stamp;
  } else if (content_size_ % entry_size == 0) {
    state_ = state::stamp;
  }
}

void docker_log_parser::take_content(std::string_view bytes, log_lines& out) {
  content_size_ += bytes.size();
  while (!bytes.empty()) {
    if (!line_->open) open_line(*line_);
    const auto newline = bytes.find('\n');
    const auto text = bytes.substr(0, newline);
    line_->text.append(text);
    line_->hash = hashed(line_->hash, text);
    if (newline == bytes.npos) return;
    end_line(*line_, out);
    bytes.remove_prefix(newline + 1);
  }
}

/// A further line within one entry: some log drivers keep newlines.
void docker_log_parser::open_line(assembly& line) {
  line.open = true;
  line.first_at = line.entry_at;
  line.hash = hashed_origin(line.entry_at, line.stream);
}

void docker_log_parser::end_line(assembly& line, log_lines& out) {
  if (framing_ == log_framing::raw) line.text.drop_carriage_return();
  out.append({line.first_at, line.stream, line.text.finish(), line.hash});
  line.text.clear();
  line.open = false;
}

}  // namespace spillway::protocol
