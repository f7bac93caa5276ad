// Log frames as applications write them.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <string>

#include "protocol/frames.hpp"

namespace spillway::actors::testing {

inline std::string make_sample_frame(std::uint64_t n) {
  std::minstd_rand rng(static_cast<unsigned>(n + 1));
  const auto up_to = [&](unsigned end) { return std::to_string(rng() % end); };
  const auto hex = [&] { return std::to_string(rng()) + std::to_string(rng()); };
  std::string text = std::to_string(n);
  switch (rng() % 4) {
    case 0:
      text += " INFO  GET /api/v1/orders/" + up_to(100'000) + " status=200 took=" + up_to(900) +
              "ms request=" + hex();
      break;
    case 1:
      text += " DEBUG cache miss key=session:" + hex() + " ttl=" + up_to(3'600);
      break;
    case 2:
      text += " WARN  slow query took " + up_to(5'000) + " ms: SELECT id, name FROM items";
      break;
    default:
      text += " INFO  job finished in " + up_to(10'000) + " ms, worker-" + up_to(8);
  }
  const protocol::timestamp start{std::chrono::seconds(1'776'420'872)};
  const std::chrono::nanoseconds later(n * 1'000'000 + rng() % 999'999);
  std::string json;
  protocol::append_log_frame(json,
                             {start + later, protocol::output_stream::standard_output, text, n});
  return json;
}

/// The JSON of the log frame number `n`; always the same for a number, and no two alike.
inline const std::string& sample_frame(std::uint64_t n) {
  static std::deque<std::string> made;
  while (made.size() <= n) made.push_back(make_sample_frame(made.size()));
  return made[n];
}

/// Bytes that cannot be compressed; always the same for a number.
inline std::string noise_frame(std::uint64_t n, std::size_t size) {
  std::mt19937 rng(static_cast<unsigned>(n));
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(rng() & 0xff);
  return noise;
}

}  // namespace spillway::actors::testing
