#include "sim/host/log_wire.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace spillway::sim {

namespace {

/// `2026-04-17T10:14:32.118000000Z `
constexpr std::size_t stamp_bytes = 31;
constexpr std::size_t header_bytes = 8;

std::array<char, header_bytes> header_of(output_kind from, std::size_t size) {
  std::array<char, header_bytes> header{static_cast<char>(from)};
  for (std::size_t i = 0; i < 4; ++i) {
    header[header_bytes - 1 - i] = static_cast<char>(size >> (8 * i) & 0xff);
  }
  return header;
}

}  // namespace

void append_chunk(std::string& out, std::string_view bytes) {
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", bytes.size());
  out.append(bytes).append("\r\n");
}

void append_log_chunk(std::string& out, const log_entry& entry, log_form form, bool timestamps) {
  const std::size_t payload = entry.text.size() + (timestamps ? stamp_bytes : 0);
  const std::size_t size = payload + (form == log_form::multiplexed ? header_bytes : 0);
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", size);
  if (form == log_form::multiplexed) {
    const auto header = header_of(entry.from, payload);
    out.append(header.data(), header.size());
  }
  if (timestamps) {
    protocol::append_rfc3339_nano(out, entry.at);
    out.push_back(' ');
  }
  out.append(entry.text).append("\r\n");
}

}  // namespace spillway::sim
