// Docker's log stream, multiplexed and of a TTY.
#include "protocol/docker_log_parser.hpp"

#include <optional>
#include <string>
#include <vector>

#include "fuzz/docker_log_writer.hpp"
#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"

namespace spillway::fuzz {
namespace {

using namespace protocol;

constexpr std::size_t line_limits[] = {10, 100, 20'000, 256 << 10};

struct read_log {
  std::vector<written_line> lines;
  std::vector<std::uint64_t> identities;
  std::optional<std::string> error;
  std::uint64_t entries = 0;
  bool operator==(const read_log&) const = default;
};

void take(const log_lines& lines, std::size_t limit, read_log& into) {
  // ` [spillway] line cut, 18446744073709551615 bytes dropped`
  constexpr std::size_t longest_mark = 60;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = lines[i];
    require(line.text.size() <= limit + longest_mark, "a line is bounded");
    require(line.text.find('\n') == std::string_view::npos, "a line is one line");
    into.lines.push_back({line.at, line.stream, std::string(line.text)});
    into.identities.push_back(line.identity);
  }
}

read_log read(log_framing framing, std::string_view bytes, std::size_t limit, std::uint8_t seed) {
  docker_log_parser parser(framing, limit);
  read_log made;
  auto note = [&](const tl::expected<void, std::string>& done, const log_lines& lines) {
    take(lines, limit, made);
    if (!done) made.error = done.error();
    return done.has_value();
  };
  in_pieces(bytes, seed, [&](std::string_view piece) {
    // A copy, so that a view of it which outlives the call shows.
    const std::string copy(piece);
    log_lines lines;
    return note(parser.feed(copy, lines), lines);
  });
  log_lines last;
  if (!made.error) note(parser.finish(last), last);
  made.entries = parser.entries();
  return made;
}

void check_any(log_framing framing, std::string_view bytes, std::size_t limit, std::uint8_t seed) {
  const auto whole = read(framing, bytes, limit, 0);
  require(read(framing, bytes, limit, seed) == whole, "pieces make the same lines");
  if (framing == log_framing::raw) {
    require(!whole.error, "a terminal's output cannot be malformed");
    for (const auto& line : whole.lines) {
      require(line.stream == output_stream::standard_output, "a terminal has one stream");
    }
  }
}

/// What Docker would write for some lines has to be read as these lines.
void check_written(log_framing framing, std::string_view choices, std::uint8_t seed) {
  const auto log = write_docker_log(framing, choices);
  const auto read_back = read(framing, log.bytes, 1 << 20, seed);
  require(!read_back.error, "Docker's log is well-formed");
  require(read_back.entries == log.entries, "every entry is counted");
  require(read_back.lines == log.lines, "lines come back as they were written");
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto seed = input.byte();
  const auto how = input.byte();
  const auto framing = (how & 1) != 0 ? log_framing::raw : log_framing::multiplexed;
  if ((how & 2) != 0) return check_written(framing, input.rest(), seed);
  check_any(framing, input.rest(), line_limits[how >> 2 & 3], seed);
}

}  // namespace spillway::fuzz
