#include "actors/frame_blocks.hpp"

#include <algorithm>
#include <cstring>

namespace spillway::actors {

sequence frame_blocks::append(std::string_view payload, protocol::payload_form form) {
  const std::size_t size = protocol::ws_header_size(payload.size()) + payload.size();
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used() < size) {
    const std::size_t capacity = std::max(size, block_size);
    blocks_.push_back({std::shared_ptr<char[]>(new char[capacity]), capacity, end_, {}});
  }
  block& last = blocks_.back();
  char* out = last.bytes.get() + last.used();
  const std::size_t header = protocol::write_text_header(out, payload.size(), form);
  std::memcpy(out + header, payload.data(), payload.size());
  last.ends.push_back(static_cast<std::uint32_t>(last.used() + size));
  bytes_ += size;
  return end_++;
}

void frame_blocks::drop_before(sequence at) {
  while (first_ < at && first_ < end_) {
    const block& front = blocks_.front();
    bytes_ -= front.end_of(first_) - front.begin_of(first_);
    if (++first_ == front.end()) blocks_.pop_front();
  }
}

std::size_t frame_blocks::block_of(sequence at) const {
  auto after = std::upper_bound(blocks_.begin(), blocks_.end(), at,
                                [](sequence s, const block& b) { return s < b.first; });
  return static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

sequence frame_blocks::gather(sequence from, sequence to, std::size_t max_bytes, batch& out) const {
  if (from >= to) return from;
  for (std::size_t i = block_of(from); from < to && i < blocks_.size(); ++i) {
    const block& b = blocks_[i];
    const std::size_t begin = b.begin_of(from);
    const std::size_t room = out.bytes < max_bytes ? max_bytes - out.bytes : 0;
    const auto in_block = std::min(to, b.end()) - b.first;
    const auto fitting =
        std::upper_bound(b.ends.begin() + static_cast<std::ptrdiff_t>(from - b.first),
                         b.ends.begin() + static_cast<std::ptrdiff_t>(in_block), begin + room) -
        b.ends.begin();
    sequence stop = b.first + static_cast<sequence>(fitting);
    if (stop == from) {
      if (out.frames != 0) break;
      stop = from + 1;
    }
    const std::size_t end = b.end_of(stop - 1);
    out.slices.push_back({b.bytes, std::string_view(b.bytes.get() + begin, end - begin)});
    out.bytes += end - begin;
    out.frames += stop - from;
    const bool whole_run = stop == b.first + in_block;
    from = stop;
    if (!whole_run) break;
  }
  return from;
}

std::string_view frame_blocks::payload(sequence at) const {
  const block& b = blocks_[block_of(at)];
  const std::size_t begin = b.begin_of(at);
  const std::size_t size = b.end_of(at) - begin;
  // The header's size follows from the whole's: see ws_header_size for the payload's bounds.
  const std::size_t header = size < 2 + 126 ? 2 : size <= 4 + 0xffff ? 4 : 10;
  return {b.bytes.get() + begin + header, size - header};
}

}  // namespace spillway::actors
