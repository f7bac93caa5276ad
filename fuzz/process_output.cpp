// What compose and the server itself print, on its way to lines.
#include <string>
#include <vector>

#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "host/line_splitter.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

using host::carriage_return;
using lines_type = std::vector<std::string>;

lines_type split(std::string_view bytes, std::size_t max, carriage_return mode, std::uint8_t seed) {
  host::line_splitter splitter(max, mode);
  lines_type lines;
  in_pieces(bytes, seed, [&](std::string_view piece) {
    splitter.feed(std::string(piece), lines);
    return true;
  });
  splitter.finish(lines);
  return lines;
}

std::string joined(const lines_type& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto seed = input.byte();
  const auto how = input.byte();
  const auto mode = (how & 1) != 0 ? carriage_return::overwrites : carriage_return::kept;
  // The mark has to fit.
  const std::size_t max = 60 + how / 2;
  const auto text = input.rest();

  const auto lines = split(text, max, mode, 0);
  require(split(text, max, mode, seed) == lines, "pieces make the same lines");
  bool cut = false;
  for (const auto& line : lines) {
    require(line.size() <= max, "a line is bounded", line);
    require(line.find('\n') == std::string::npos, "a line is one line", line);
    cut = cut || line.find(" [spillway] line cut, ") != std::string::npos;
    require(!protocol::is_valid_utf8(text) || protocol::is_valid_utf8(line),
            "no character is cut in two", line);
  }
  if (cut || mode == carriage_return::overwrites) return;
  auto whole = std::string(text);
  if (!whole.empty() && !whole.ends_with('\n')) whole += '\n';
  require(joined(lines) == whole, "lines are all there was");
}

}  // namespace spillway::fuzz
