#include "bench/stuck_viewers.hpp"

#include "bench/probe.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

/// Together some 4.7 MB for each: Linux holds at most 4 MiB on the side that sends (tcp_wmem), and
/// gives who does not read no more than it began with.
constexpr double fill_rate = 5000;
constexpr double fill_seconds = 4;
constexpr double fill_patience_seconds = 60;

}  // namespace

const viewer_group& open_stuck(test_bed& bed, std::size_t count) {
  const auto& stuck = bed.viewers().open(bed.kind(0, reading::none), count);
  // Somebody has to say that the lines have passed through the server.
  auto& witness = bed.viewers().open(bed.kind(), 1);
  prime(bed, {&witness}, {0});
  const auto filled =
      run_probe(bed, {{0, &witness, fill_rate}}, fill_seconds, fill_patience_seconds);
  if (!filled.streams[0].complete)
    throw failure("the stuck viewers' sockets took too long to fill");
  bed.viewers().close(witness);
  return stuck;
}

}  // namespace spillway::bench
