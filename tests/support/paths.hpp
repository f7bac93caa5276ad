// Where the tree and its programs are.
#pragma once

#include <string>

namespace spillway::test {

/// The root of the tree, without a slash at its end.
std::string source_folder();
/// The server that was built beside the tests.
std::string server_program();
/// spillway-sim; empty where it is not built.
std::string simulator_program();

}  // namespace spillway::test
