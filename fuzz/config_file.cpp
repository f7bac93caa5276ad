// The configuration file.
#include <algorithm>
#include <string>

#include "config/loader.hpp"
#include "config/settings_text.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

void check_errors(const std::vector<config::config_error>& errors, std::string_view text) {
  require(!errors.empty(), "a failure says why");
  const auto lines = std::ranges::count(text, '\n') + std::ranges::count(text, '\r') + 1;
  int last = 0;
  for (const auto& error : errors) {
    require(error.line >= last, "errors come from top to bottom", error.text());
    require(error.line <= lines + 1, "an error is within the file", error.text());
    require(!error.message.empty() && protocol::is_valid_utf8(error.message),
            "an error is a sentence in UTF-8", error.text());
    last = error.line;
  }
}

}  // namespace

void run(std::string_view bytes) {
  const std::string text(bytes);
  const auto loaded = config::load_text(text, "file");
  if (!loaded) return check_errors(loaded.error(), text);
  const auto printed = config::print_effective(loaded->values);
  const auto again = config::load_text(printed, "printed");
  require(again.has_value(), "what is printed can be loaded", printed);
  require(config::print_effective(again->values) == printed, "settings read back as the same",
          printed);
}

}  // namespace spillway::fuzz
