#include "config/settings_text.hpp"

#include <fmt/format.h>

#include "config/settings_table.hpp"

namespace spillway::config {
namespace {

constexpr std::string_view file_head =
    "# Configuration of Spillway. Every key is here with its default; to change one, remove the #\n"
    "# before it. `spillway check-config --config FILE` shows what is wrong, or what holds.\n"
    "#\n"
    "# Durations: 500ms, 30s, 5m, 24h, 7d, and sums such as 1h30m. Sizes: 4096B, 16KiB, 4MiB.\n";

constexpr std::string_view page_head =
    "# Configuration\n"
    "\n"
    "`spillway serve --config FILE` reads a YAML file. Every key has a default, so that the file "
    "may\nleave out any of them or be empty. `config/spillway.yaml` is a file to start from;\n"
    "`spillway check-config --config FILE` prints what holds, or each error with file and line.\n"
    "\n"
    "A key with a dot stands in a section: `docker.host` is `host` below `docker:`. An unknown "
    "key, a\nwrong type or a value out of range is an error. Durations are written `500ms`, "
    "`30s`, `5m`, `24h`,\n`7d`, or as sums such as `1h30m`; sizes `4096B`, `16KiB`, `4MiB`.\n"
    "\n"
    "| key | default | allowed | meaning |\n"
    "| --- | --- | --- | --- |\n";

}  // namespace

std::string print_effective(const settings& values) {
  std::string text;
  std::string section;
  for (const setting& key : settings_table()) {
    if (key.section() != section) {
      section = key.section();
      text += section + ":\n";
    }
    std::string_view indent = section.empty() ? "" : "  ";
    text += fmt::format("{}{}: {}\n", indent, key.name(), key.print(values));
  }
  return text;
}

std::string commented_default_yaml() {
  std::string text{file_head};
  std::string section;
  for (const setting& key : settings_table()) {
    text += '\n';
    if (key.section() != section) {
      section = key.section();
      text += section + ":\n";
    }
    std::string_view indent = section.empty() ? "" : "  ";
    text += fmt::format("{0}# {1}\n{0}# Allowed: {2}.\n{0}#{3}: {4}\n", indent, key.meaning,
                        key.allowed, key.name(), key.print(settings{}));
  }
  return text;
}

std::string configuration_reference_markdown() {
  std::string text{page_head};
  for (const setting& key : settings_table()) {
    text += fmt::format("| `{}` | `{}` | {} | {} |\n", key.key, key.print(settings{}), key.allowed,
                        key.meaning);
  }
  return text;
}

}  // namespace spillway::config
