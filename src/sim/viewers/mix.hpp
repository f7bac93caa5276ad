// Shares of kinds, such as `steady=70,slow=10`.
#pragma once

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/seed.hpp"
#include "sim/viewers/behaviour.hpp"

namespace spillway::sim {

/// Whole numbers whose sum does not matter. Context: one thread.
template <class Kind>
class mix {
 public:
  /// Kinds that the text does not name have no share. The error is a sentence that says what is
  /// allowed.
  static tl::expected<mix, std::string> parse(std::string_view text,
                                              std::span<const kind_name<Kind>> names) {
    mix made(names.size());
    while (!text.empty()) {
      const auto end = text.find(',');
      const auto part = text.substr(0, end);
      text = end == text.npos ? std::string_view() : text.substr(end + 1);
      const auto equals = part.find('=');
      const auto* kind = find(part.substr(0, equals), names);
      std::uint32_t share = 0;
      if (kind == nullptr || equals == part.npos || !read(part.substr(equals + 1), share)) {
        return tl::unexpected(fmt::format(
            "'{}' is no share: write KIND=NUMBER, separated by commas, where KIND is one of {}",
            part, list(names)));
      }
      made.shares_[static_cast<std::size_t>(kind->kind)] = share;
    }
    if (made.sum() == 0) {
      return tl::unexpected("no kind has a share: give at least one a number above 0, of " +
                            list(names));
    }
    return made;
  }

  std::uint64_t share(Kind kind) const { return shares_[static_cast<std::size_t>(kind)]; }
  std::uint64_t sum() const {
    std::uint64_t all = 0;
    for (const auto share : shares_) all += share;
    return all;
  }

  Kind draw(draws& random) const {
    auto at = random.below(sum());
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      if (at < shares_[i]) return static_cast<Kind>(i);
      at -= shares_[i];
    }
    return static_cast<Kind>(0);
  }

  /// The kinds of the first `count`, as evenly spread as their shares allow: of any beginning each
  /// kind has its share, to within one.
  std::vector<Kind> spread(std::size_t count) const {
    std::vector<Kind> made;
    std::vector<std::uint64_t> given(shares_.size());
    made.reserve(count);
    const auto all = static_cast<double>(sum());
    for (std::size_t n = 1; n <= count; ++n) {
      std::size_t next = 0;
      double most = -2;
      for (std::size_t i = 0; i < shares_.size(); ++i) {
        if (shares_[i] == 0) continue;
        const double owed = static_cast<double>(shares_[i]) * static_cast<double>(n) / all;
        const double lack = owed - static_cast<double>(given[i]);
        if (lack <= most) continue;
        most = lack;
        next = i;
      }
      ++given[next];
      made.push_back(static_cast<Kind>(next));
    }
    return made;
  }

 private:
  explicit mix(std::size_t kinds) : shares_(kinds) {}

  static const kind_name<Kind>* find(std::string_view name,
                                     std::span<const kind_name<Kind>> names) {
    for (const auto& each : names) {
      if (each.name == name) return &each;
    }
    return nullptr;
  }
  static bool read(std::string_view text, std::uint32_t& share) {
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, share);
    return error == std::errc{} && stop == end;
  }
  static std::string list(std::span<const kind_name<Kind>> names) {
    std::string text;
    for (const auto& each : names) text.append(text.empty() ? "" : ", ").append(each.name);
    return text;
  }

  std::vector<std::uint32_t> shares_;
};

}  // namespace spillway::sim
