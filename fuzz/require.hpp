// Properties: what must hold whatever the input is.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace spillway::fuzz {

/// Ends the run as a finding; libFuzzer keeps the input.
[[noreturn]] inline void fail(std::string_view property, std::string_view about = {}) {
  std::fprintf(stderr, "property broken: %.*s\n", static_cast<int>(property.size()),
               property.data());
  if (!about.empty()) {
    std::fprintf(stderr, "at: %.*s\n", static_cast<int>(about.size()), about.data());
  }
  std::abort();
}

/// `about` is shown beside the property where it is broken.
inline void require(bool holds, std::string_view property, std::string_view about = {}) {
  if (!holds) fail(property, about);
}

}  // namespace spillway::fuzz
