#include "sim/host/script_tools.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/host/script_process.hpp"

namespace spillway::sim {

namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find_busybox() {
  for (const char* folder : {"/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin"}) {
    const fs::path candidate = fs::path(folder) / "busybox";
    std::error_code ignored;
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  return std::nullopt;
}

std::vector<std::string> applets_of(const fs::path& busybox) {
  std::vector<std::string> names;
  const std::string command = busybox.string() + " --list 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::array<char, 256> line;
  while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::string name = line.data();
    while (name.ends_with('\n')) name.pop_back();
    if (!name.empty() && name != "busybox") names.push_back(name);
  }
  return names;
}

/// Whether a command runs in namespaces and a root of its own.
bool can_be_apart(const fs::path& directory, const fs::path& program) {
  script_spec spec;
  spec.program = program;
  spec.words = {"true"};
  spec.environment = {"PATH=/bin"};
  spec.root = directory / "base" / "trial";
  spec.tools = directory / "base" / "bin";
  spec.host_name = "trial";
  spec.apart = isolation::full;
  std::error_code ignored;
  for (const char* folder : {"bin", "dev", "proc"}) {
    fs::create_directories(spec.root / folder, ignored);
  }
  boost::asio::io_context io;
  int code = -1;
  const auto trial = std::make_shared<script_process>(
      io, script_process::handlers{{}, {}, [&code](int ended) { code = ended; }});
  trial->start(spec);
  trial->read();
  io.run();
  fs::remove_all(spec.root, ignored);
  return code == 0;
}

}  // namespace

isolation prepare_tools(const fs::path& directory, const fs::path& program) {
  const fs::path tools = directory / "base" / "bin";
  fs::create_directories(tools);
  const auto busybox = find_busybox();
  if (!busybox) return isolation::none;
  fs::copy_file(*busybox, tools / "busybox", fs::copy_options::overwrite_existing);
  for (const std::string& name : applets_of(*busybox)) {
    std::error_code there_already;
    fs::create_symlink("busybox", tools / name, there_already);
  }
  return can_be_apart(directory, program) ? isolation::full : isolation::none;
}

}  // namespace spillway::sim
