#include "app/secrecy.hpp"

#include <sys/prctl.h>

#include <cstring>
#include <string_view>

namespace spillway::app {
namespace {

constexpr std::string_view option = "--token";

void overwrite(char* text) {
  std::memset(text, '*', std::strlen(text));
}

}  // namespace

std::vector<std::string> take_arguments(int argc, char** argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == option && i + 1 < argc) overwrite(argv[++i]);
    if (argument.starts_with(option) && argument.substr(option.size()).starts_with('='))
      overwrite(argv[i] + option.size() + 1);
  }
  return arguments;
}

void forbid_memory_dumps() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace spillway::app
