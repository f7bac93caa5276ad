#include "client/colour_choice.hpp"

#include <string_view>

namespace spillway::client {

bool can_rewrite_lines(const char* term) {
  return term && *term && std::string_view(term) != "dumb";
}

colours choose_colours(colour_choice choice, bool is_terminal, const colour_environment& env) {
  if (choice == colour_choice::always) return colours::kept;
  if (choice == colour_choice::never || !is_terminal) return colours::removed;
  if (env.no_color && *env.no_color) return colours::removed;
  return can_rewrite_lines(env.term) ? colours::kept : colours::removed;
}

}  // namespace spillway::client
