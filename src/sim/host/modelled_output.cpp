#include "sim/host/modelled_output.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/numbered_line.hpp"

namespace spillway::sim {

namespace {

using namespace std::string_view_literals;

/// Others want their turn, too.
constexpr int lines_a_turn = 512;
constexpr std::uint64_t giant_piece = 16 * 1024;
constexpr std::uint64_t flood_line_bytes = 100;

constexpr std::array odd_bytes{"\xff"sv,     "\xc3"sv,     "\xed\xa0\x80"sv, "\xf5\x80\x80\x80"sv,
                               "\xe2\x82"sv, "\x80\x80"sv, "\0"sv,           "\xef\xbf\xbe"sv};
/// Sets a clipboard, a title, moves the cursor, clears the screen, hides what follows.
constexpr std::array escapes{"\x1b]52;c;ZXZpbA==\x07"sv,
                             "\x1b]0;title\x1b\\"sv,
                             "\x1b[10A\x1b[2K"sv,
                             "\x1b[2J\x1b[H"sv,
                             "\x1b[8m"sv,
                             "\x9b"
                             "31m"sv,
                             "\r"sv,
                             "\b\b\b\b"sv};

}  // namespace

modelled_output::modelled_output(const printing_model& model, std::uint64_t seed,
                                 std::uint32_t life, bool tty)
    : model_(model),
      lines_(model, seed_of(seed, "life " + std::to_string(life))),
      spoils_(seed_of(seed, "spoils " + std::to_string(life))),
      life_(life),
      tty_(tty) {}

void modelled_output::begin_line() {
  line_.clear();
  append_head(line_, {life_, ++printed_, wall_clock().time_since_epoch()});
}

void modelled_output::spoil(time_point now) {
  const auto insert = [this](std::string_view what) {
    const std::size_t head = line_.find(' ', line_.find(' ') + 1) + 1;
    line_.insert(head + spoils_.below(line_.size() - head + 1), what);
  };
  if (now < odd_bytes_until_) insert(odd_bytes[spoils_.below(odd_bytes.size())]);
  if (now < escapes_until_) insert(escapes[spoils_.below(escapes.size())]);
}

void modelled_output::end_line(output_kind to, container_log& log) {
  line_ += tty_ ? "\r\n" : "\n";
  log.print(tty_ ? output_kind::standard_output : to, line_);
}

void modelled_output::print_giant(container_log& log) {
  if (!giant_begun_) {
    begin_line();
    giant_begun_ = true;
  } else {
    line_.clear();
  }
  const std::uint64_t piece = std::min(giant_, giant_piece);
  lines_.fill(line_, line_.size() + piece);
  giant_ -= piece;
  if (giant_ == 0) {
    giant_begun_ = false;
    return end_line(output_kind::standard_output, log);
  }
  log.print(output_kind::standard_output, line_);
}

modelled_output::pause modelled_output::run(time_point now, container_log& log) {
  for (int turn = 0; turn < lines_a_turn; ++turn) {
    if (model_.exits_after && printed_ >= *model_.exits_after && giant_ == 0) {
      return {std::nullopt, true};
    }
    if (!log.has_room()) return {};
    if (giant_ > 0) {
      print_giant(log);
      continue;
    }
    if (flood_ > 0) {
      --flood_;
      begin_line();
      lines_.fill(line_, flood_line_bytes);
      end_line(output_kind::standard_output, log);
      continue;
    }
    if (lines_.silent()) return {};
    const line_generator::line due = lines_.next();
    if (origin_ + due.due > now) return {origin_ + due.due, false};
    begin_line();
    lines_.take(line_);
    spoil(now);
    end_line(due.to, log);
  }
  return {now, false};
}

}  // namespace spillway::sim
