// Whether output is coloured.
#pragma once

#include <cstdint>

#include "client/terminal_text.hpp"

namespace spillway::client {

enum class colour_choice : std::uint8_t { automatic, always, never };

/// What the environment says: `NO_COLOR` (https://no-color.org) and `TERM`; null where unset.
struct colour_environment {
  const char* no_color = nullptr;
  const char* term = nullptr;
};

/// `automatic` is coloured on a terminal that can, unless NO_COLOR is set to something.
colours choose_colours(colour_choice choice, bool is_terminal, const colour_environment& env);

/// Whether a terminal takes the sequences that rewrite a line.
bool can_rewrite_lines(const char* term);

}  // namespace spillway::client
