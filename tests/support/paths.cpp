// The only file of the tests that is compiled anew where the tree is in another place.
#include "support/paths.hpp"

namespace spillway::test {

std::string source_folder() {
  return SPILLWAY_SOURCE_DIR;
}

std::string server_program() {
  return SPILLWAY_BINARY;
}

std::string simulator_program() {
  return SPILLWAY_SIM_BINARY;
}

}  // namespace spillway::test
