#include "sim/simulated_host_fixture.hpp"

namespace spillway::sim {

std::string sim_program() {
  return SPILLWAY_SIM_BINARY;
}

}  // namespace spillway::sim
