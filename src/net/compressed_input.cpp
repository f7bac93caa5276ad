#include "net/compressed_input.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace spillway::net {
namespace {

constexpr std::uint8_t continuation_opcode = 0;
constexpr std::uint8_t text_opcode = 1;
constexpr std::uint8_t binary_opcode = 2;
constexpr std::uint8_t close_opcode = 8;
constexpr std::uint8_t pong_opcode = 10;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t compressed_bit = 0x40;

bool is_known(int opcode) {
  return opcode <= binary_opcode || (opcode >= close_opcode && opcode <= pong_opcode);
}

}  // namespace

bool compressed_input::header::of_message() const {
  return (bytes[0] & opcode_bits) <= binary_opcode;
}

std::uint8_t compressed_input::header::length_size() const {
  auto marker = bytes[1] & 0x7f;
  if (marker == 126) return 2;
  return marker == 127 ? 8 : 0;
}

/// Known once two bytes are there.
std::uint8_t compressed_input::header::size() const {
  if (have < 2) return 2;
  return static_cast<std::uint8_t>(2 + length_size() + (masked() ? 4 : 0));
}

std::uint64_t compressed_input::header::length() const {
  if (length_size() == 0) return bytes[1] & 0x7f;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length_size(); ++i) value = value << 8 | bytes[2 + i];
  return value;
}

void compressed_input::pass(std::span<char> bytes) {
  while (!bytes.empty() && !refused_) {
    if (header_.have < header_.size()) {
      if (header_.have == 0) begin_frame(bytes.front());
      header_.bytes[header_.have++] = static_cast<std::uint8_t>(bytes.front());
      bytes = bytes.subspan(1);
      if (header_.have < header_.size()) continue;
      begin_payload();
    } else {
      auto count = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
      take_payload(bytes.first(count));
      bytes = bytes.subspan(count);
    }
    if (payload_left_ == 0) end_frame();
  }
}

void compressed_input::begin_frame(char& first) {
  auto value = static_cast<std::uint8_t>(first);
  auto opcode = value & opcode_bits;
  bool begins_message = opcode == text_opcode || opcode == binary_opcode;
  bool compressed = (value & reserved_bits) == compressed_bit && begins_message;
  refused_ = !is_known(opcode) || ((value & reserved_bits) != 0 && !compressed) ||
             (begins_message && in_message_) || (opcode == continuation_opcode && !in_message_);
  if (!begins_message || refused_) return;
  in_message_ = true;
  if (!compressed) return;
  first = static_cast<char>((value & ~(reserved_bits | opcode_bits)) | binary_opcode);
  if (!on_failure_) return;
  inflater_ = std::make_unique<message_inflater>(
      opcode == text_opcode ? message_kind::text : message_kind::binary, max_message_bytes_);
}

void compressed_input::begin_payload() {
  payload_left_ = header_.length();
  payload_done_ = 0;
  bool control_is_bad = !header_.of_message() && (!header_.fin() || payload_left_ > 125);
  bool length_is_long = (header_.length_size() == 2 && payload_left_ < 126) ||
                        (header_.length_size() == 8 && payload_left_ <= 0xffff);
  refused_ = !header_.masked() || control_is_bad || length_is_long;
}

void compressed_input::take_payload(std::span<const char> masked) {
  payload_left_ -= masked.size();
  if (inflater_ && header_.of_message()) {
    std::string plain(masked.begin(), masked.end());
    const auto* mask = &header_.bytes[2 + header_.length_size()];
    for (std::size_t i = 0; i < plain.size(); ++i) {
      plain[i] = static_cast<char>(plain[i] ^ mask[(payload_done_ + i) % 4]);
    }
    check(inflater_->add(plain));
  }
  payload_done_ += masked.size();
}

void compressed_input::end_frame() {
  // Whatever follows the client's close counts for nothing, for Beast and here.
  if ((header_.bytes[0] & opcode_bits) == close_opcode) refused_ = true;
  if (!refused_ && header_.of_message() && header_.fin()) {
    if (inflater_) check(inflater_->finish());
    inflater_.reset();
    in_message_ = false;
  }
  header_ = {};
}

void compressed_input::check(const message_inflater::failure& wrong) {
  if (!wrong) return;
  inflater_.reset();
  // Frames still pass after it, without a mark that Beast would take for a second failure.
  if (auto handler = std::exchange(on_failure_, nullptr)) handler(*wrong);
}

}  // namespace spillway::net
