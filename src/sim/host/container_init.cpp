#include "sim/host/container_init.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace spillway::sim {

namespace {

void tell(const std::string& text) {
  const std::string line = text + "\n";
  // Nobody listens any more where it fails: the host is gone.
  if (::write(init_status_descriptor, line.data(), line.size()) < 0) return;
}

[[noreturn]] void give_up(const std::string& what, int code) {
  tell("error " + what);
  ::_exit(code);
}

/// The container's `/`: its own folder, with tools, devices and processes in it.
void enter_root(const script_spec& spec) {
  // So that none of the mounts shows outside. Fails in a chroot, where nothing is shared.
  ::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr);
  const auto mounted = [&spec](const std::filesystem::path& from, const char* to) {
    return ::mount(from.c_str(), (spec.root / to).c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0;
  };
  if (!mounted(spec.tools, "bin") || !mounted("/dev", "dev")) {
    give_up(std::string("cannot mount: ") + std::strerror(errno), 126);
  }
  ::mount("proc", (spec.root / "proc").c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  ::sethostname(spec.host_name.c_str(), spec.host_name.size());
  const std::string start = spec.working_directory.empty() ? "/" : spec.working_directory;
  if (::chroot(spec.root.c_str()) != 0 || ::chdir(start.c_str()) != 0) {
    give_up("cannot enter the container's folder: " + std::string(std::strerror(errno)), 126);
  }
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> all;
  all.reserve(words.size() + 1);
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void run_command(const script_spec& spec) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (spec.tty) {
    ::setsid();
    ::ioctl(0, TIOCSCTTY, 0);
  }
  if (spec.apart == isolation::full) {
    enter_root(spec);
  } else if (::chdir(
                 (spec.root / spec.working_directory.substr(
                                  spec.working_directory.find_first_not_of('/') == std::string::npos
                                      ? spec.working_directory.size()
                                      : spec.working_directory.find_first_not_of('/')))
                     .c_str()) != 0) {
    give_up("cannot enter the container's folder: " + std::string(std::strerror(errno)), 126);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int each = 1; each < NSIG; ++each) ::signal(each, SIG_DFL);
  ::fcntl(init_status_descriptor, F_SETFD, FD_CLOEXEC);
  const auto words = pointers_to(spec.words);
  const auto environment = pointers_to(spec.environment);
  ::clearenv();
  // The search goes by this process' own PATH.
  for (const std::string& each : spec.environment) {
    if (each.starts_with("PATH=")) ::setenv("PATH", each.c_str() + 5, 1);
  }
  ::execvpe(words[0], words.data(), environment.data());
  const int failure = errno;
  const bool missing = failure == ENOENT;
  give_up(missing ? "exec: \"" + spec.words[0] + "\": executable file not found in $PATH"
                  : "exec: \"" + spec.words[0] + "\": " + std::strerror(failure),
          missing ? 127 : 126);
}

}  // namespace

std::vector<std::string> init_arguments(const script_spec& spec) {
  std::vector<std::string> words{init_command,        "--root",     spec.root.string(), "--tools",
                                 spec.tools.string(), "--hostname", spec.host_name};
  if (!spec.working_directory.empty()) {
    words.insert(words.end(), {"--directory", spec.working_directory});
  }
  if (spec.tty) words.emplace_back("--tty");
  if (spec.apart == isolation::full) words.emplace_back("--apart");
  words.emplace_back("--");
  words.insert(words.end(), spec.words.begin(), spec.words.end());
  return words;
}

[[noreturn]] void run_container_init(const script_spec& spec) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Ctrl-C is for the host, which ends its containers itself.
  for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTTOU}) {
    ::signal(each, SIG_IGN);
  }
  const int namespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID;
  if (spec.apart == isolation::full && ::unshare(namespaces) != 0) {
    give_up("cannot make namespaces: " + std::string(std::strerror(errno)), 126);
  }
  const pid_t child = ::fork();
  if (child < 0) give_up("cannot fork: " + std::string(std::strerror(errno)), 126);
  if (child == 0) run_command(spec);
  tell("pid " + std::to_string(child));
  // The child alone holds them now: their end is its end.
  for (const int each : {0, 1, 2, init_status_descriptor}) ::close(each);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  // At once: where this process can have no more children, a leak checker could not do its work.
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

}  // namespace spillway::sim
