#include "sim/host/working_directory.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace spillway::sim {

namespace fs = std::filesystem;

working_directory::working_directory(const fs::path& given) : path_(given), own_(given.empty()) {
  if (own_) {
    std::string pattern = "/tmp/spillway-sim-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw std::runtime_error("cannot make a folder in /tmp: name one by --directory");
    }
    path_ = pattern;
  }
  fs::create_directories(path_);
  path_ = fs::absolute(path_);
}

working_directory::~working_directory() {
  std::error_code ignored;
  for (const char* made : {"base", "containers", "apps"}) fs::remove_all(path_ / made, ignored);
  if (own_) fs::remove_all(path_, ignored);
}

}  // namespace spillway::sim
