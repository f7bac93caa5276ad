#include "client/compose_input.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>

namespace spillway::client {
namespace {

tl::expected<std::string, std::string> read_some(std::istream& from, const std::string& name) {
  std::string bytes(max_compose_bytes + 1, '\0');
  from.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (from.bad()) return tl::unexpected("cannot read " + name + ": is it a file?");
  bytes.resize(static_cast<std::size_t>(from.gcount()));
  if (bytes.find_first_not_of(" \t\r\n") == std::string::npos)
    return tl::unexpected(name + " is empty: give a compose file with at least one service");
  if (bytes.size() > max_compose_bytes)
    return tl::unexpected(name + " is larger than 1 MiB, the most that a server takes");
  return bytes;
}

}  // namespace

tl::expected<std::string, std::string> read_compose(const std::string& file,
                                                    std::istream& standard_input) {
  if (file == "-") return read_some(standard_input, "standard input");
  errno = 0;
  std::ifstream opened(file, std::ios::binary);
  if (!opened) {
    return tl::unexpected("cannot read " + file + " (" + std::strerror(errno) +
                          "): give a compose file, or - for standard input");
  }
  return read_some(opened, file);
}

}  // namespace spillway::client
