#include <iostream>

#include "app/command_line.hpp"
#include "app/secrecy.hpp"

int main(int argc, char** argv) {
  return spillway::app::run_command_line(spillway::app::take_arguments(argc, argv),
                                         {std::cin, std::cout, std::cerr});
}
