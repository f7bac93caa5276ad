#include "protocol/bounded_line.hpp"

#include <algorithm>

namespace spillway::protocol {
namespace {

// Idle assemblies are many; only those within a long line may hold much memory.
constexpr std::size_t kept_capacity = 4096;

std::size_t sequence_length(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  if (lead >= 0xC0) return 2;
  return 1;
}

/// The length of `text` without a UTF-8 sequence that its end cuts in two.
std::size_t whole_characters(std::string_view text) {
  const auto reach = std::min<std::size_t>(text.size(), 3);
  for (std::size_t back = 1; back <= reach; ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    return sequence_length(byte) > back ? text.size() - back : text.size();
  }
  return text.size();
}

}  // namespace

void bounded_line::append(std::string_view bytes) {
  if (bytes.empty()) return;
  text_.append(bytes.substr(0, max_bytes_ - std::min(max_bytes_, text_.size())));
  size_ += bytes.size();
  last_ = bytes.back();
}

void bounded_line::drop_carriage_return() {
  if (size_ == 0 || last_ != '\r') return;
  if (text_.size() == size_) text_.pop_back();
  --size_;
  last_ = '\0';
}

std::string_view bounded_line::finish() {
  if (size_ == text_.size()) return text_;
  text_.resize(whole_characters(text_));
  const auto dropped = size_ - text_.size();
  text_ += " [spillway] line cut, " + std::to_string(dropped) + " bytes dropped";
  size_ = text_.size();
  return text_;
}

void bounded_line::clear() {
  if (text_.capacity() > kept_capacity) std::string().swap(text_);
  text_.clear();
  size_ = 0;
  last_ = '\0';
}

}  // namespace spillway::protocol
