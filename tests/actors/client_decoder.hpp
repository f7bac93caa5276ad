// What a WebSocket client makes of the bytes of batches.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "actors/batch.hpp"

namespace spillway::actors::testing {

/// Inflates the compressed messages of one connection (RFC 7692 section 7.2.2), in one context.
class client_inflater {
 public:
  client_inflater() : stream_(new z_stream()) {
    if (inflateInit2(stream_.get(), -15) != Z_OK) throw std::bad_alloc();
  }

  /// Throws for what is no message of this context.
  std::string inflate(std::string message) {
    message.append("\0\0\xff\xff", 4);
    std::string out;
    char piece[4096];
    stream_->next_in = reinterpret_cast<Bytef*>(message.data());
    stream_->avail_in = static_cast<uInt>(message.size());
    do {
      stream_->next_out = reinterpret_cast<Bytef*>(piece);
      stream_->avail_out = sizeof piece;
      const int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
      if (result != Z_OK && result != Z_BUF_ERROR) throw std::runtime_error("cannot be inflated");
      out.append(piece, sizeof piece - stream_->avail_out);
    } while (stream_->avail_out == 0);
    return out;
  }

 private:
  struct end_stream {
    void operator()(z_stream* stream) const {
      inflateEnd(stream);
      delete stream;
    }
  };
  std::unique_ptr<z_stream, end_stream> stream_;
};

/// One client's side of a connection.
class client_decoder {
 public:
  /// The payloads, inflated where RSV1 is set. Throws for anything but whole text frames.
  std::vector<std::string> decode(const batch& b) {
    std::string bytes;
    for (const auto& s : b.slices) bytes += s.bytes;
    wire_bytes_ += bytes.size();
    std::vector<std::string> payloads;
    for (std::size_t at = 0; at < bytes.size();) {
      auto byte = [&](std::size_t i) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes.at(at + i)));
      };
      std::size_t header = 2;
      std::uint64_t size = byte(1);
      if (size == 126) {
        size = byte(2) << 8 | byte(3);
        header = 4;
      } else if (size == 127) {
        size = 0;
        for (std::size_t i = 2; i < 10; ++i) size = size << 8 | byte(i);
        header = 10;
      }
      if (size > bytes.size() - at - header) throw std::runtime_error("not a whole frame");
      payloads.push_back(decode(byte(0), bytes.substr(at + header, size)));
      at += header + size;
    }
    return payloads;
  }

  std::size_t deflated_frames() const { return deflated_frames_; }
  std::size_t wire_bytes() const { return wire_bytes_; }

 private:
  std::string decode(std::uint64_t first_byte, std::string payload) {
    if (first_byte == 0x81) return payload;
    if (first_byte != 0xc1) throw std::runtime_error("not a text frame");
    ++deflated_frames_;
    return inflater_.inflate(std::move(payload));
  }

  client_inflater inflater_;
  std::size_t deflated_frames_ = 0;
  std::size_t wire_bytes_ = 0;
};

}  // namespace spillway::actors::testing
