#include "sim/host/line_generator.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace spillway::sim {

namespace {

std::uint64_t length_from(const length_model& model, draws& from) {
  const auto between = [&from](std::uint64_t least, std::uint64_t most) {
    return least + from.below(most - least + 1);
  };
  if (!model.mixed) return between(model.least, model.most);
  const std::uint64_t of_a_hundred = from.below(100);
  if (of_a_hundred < 90) return between(40, 200);
  return of_a_hundred < 99 ? between(200, 2'000) : between(2'000, 20'480);
}

}  // namespace

line_generator::line_generator(const printing_model& model, std::uint64_t seed)
    : model_(model),
      times_(seed_of(seed, "times")),
      texts_(seed_of(seed, "texts")),
      extra_(seed_of(seed, "extra")) {
  if (!silent()) plan();
}

void line_generator::plan() {
  const double gap = 1e9 / model_.lines_per_second;
  double wait = 0;
  switch (model_.burst.how) {
    case burst_model::kind::even:
      wait = gap;
      break;
    case burst_model::kind::random:
      wait = -std::log(1 - times_.fraction()) * gap;
      break;
    case burst_model::kind::bursts:
      if (left_in_burst_ == 0) {
        wait = gap * static_cast<double>(model_.burst.lines);
        left_in_burst_ = model_.burst.lines;
      }
      --left_in_burst_;
      break;
  }
  next_.due += std::chrono::nanoseconds(static_cast<std::int64_t>(wait));
  next_.bytes = length_from(model_.length, times_);
  next_.to = times_.chance(model_.error_share) ? output_kind::standard_error
                                               : output_kind::standard_output;
}

void line_generator::append_text(std::string& text, std::uint64_t bytes, draws& from) {
  // 64 characters, of which a few are blanks: words of about ten letters.
  static constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789";
  static_assert(letters.size() == 64);
  text.reserve(std::max<std::size_t>(text.size(), bytes) + 2);
  while (text.size() < bytes) {
    std::uint64_t bits = from.bits();
    for (int i = 0; i < 10 && text.size() < bytes; ++i, bits >>= 6U) {
      text.push_back(letters[bits & 63U]);
    }
  }
}

void line_generator::take(std::string& text) {
  append_text(text, next_.bytes, texts_);
  plan();
}

void line_generator::fill(std::string& text, std::uint64_t bytes) {
  append_text(text, bytes, extra_);
}

}  // namespace spillway::sim
