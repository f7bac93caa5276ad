#include "system/compose_stand_in.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

#include "system/engine.hpp"

namespace spillway::system_test {

gate::gate(const std::filesystem::path& fifo) {
  // Open for both directions: neither side blocks on the other's open.
  if (mkfifo(fifo.c_str(), 0600) != 0) throw std::runtime_error("cannot make a fifo");
  fd_ = ::open(fifo.c_str(), O_RDWR | O_CLOEXEC);
}

gate::~gate() {
  close(fd_);
}

void gate::open() const {
  if (write(fd_, "\n", 1) != 1) throw std::runtime_error("cannot open a gate");
}

compose_stand_in::compose_stand_in() {
  std::string other;
  for (const auto& word : compose_words()) other += " '" + word + "'";
  directory_.write("compose", R"(
here=$(dirname "$0")
project= step= previous=
for word in "$@"; do
  [ "$previous" = -p ] || [ "$previous" = --project-name ] && project=$word
  case $word in up|pull|down|stop|start|restart) [ "$previous" != -p ] && step=$word ;; esac
  previous=$word
done
wait_at() { read -r _ < "$here/gate-$1"; }
[ -e "$here/$project.sh" ] || exec)" +
                                  other +
                                  R"( "$@"
. "$here/$project.sh"
)");
}

std::string compose_stand_in::setting() const {
  return "[/bin/sh, " + (directory_ / "compose").string() + "]";
}

void compose_stand_in::script(const std::string& project, const std::string& text) const {
  directory_.write(project + ".sh", text + "\n");
}

std::filesystem::path compose_stand_in::gate_path(const std::string& name) const {
  return directory_ / ("gate-" + name);
}

}  // namespace spillway::system_test
