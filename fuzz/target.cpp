// The entry points that libFuzzer calls, for every target alike.
#include "fuzz/target.hpp"

#include <cstddef>
#include <cstdint>

namespace spillway::fuzz {

// Weak: a target with something to set up has its own.
__attribute__((weak)) void prepare() {}

}  // namespace spillway::fuzz

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  spillway::fuzz::prepare();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spillway::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
// NOLINTEND(readability-identifier-naming)
