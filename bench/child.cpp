#include "bench/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "bench/process_usage.hpp"
#include "bench/stop_request.hpp"

namespace spillway::bench {
namespace {

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const command& what, char** arguments, const char* input) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (what.core) pin_to_core(*what.core);
  ::dup2(::open(input, O_RDONLY), 0);
  const int out = ::open(what.output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

child::child(const command& what) {
  auto texts = what.arguments;
  std::vector<char*> arguments;
  for (auto& text : texts) arguments.push_back(text.data());
  arguments.push_back(nullptr);
  const std::string input = what.input_file.empty() ? "/dev/null" : what.input_file;
  pid_ = ::fork();
  if (pid_ == 0) become(what, arguments.data(), input.c_str());
  if (pid_ < 0) throw failure("cannot start " + what.arguments[0]);
}

child::~child() {
  if (exit_code_) return;
  ::kill(pid_, SIGKILL);
  wait();
}

bool child::running() {
  int status = 0;
  if (!exit_code_ && ::waitpid(pid_, &status, WNOHANG) == pid_) exit_code_ = exit_code_of(status);
  return !exit_code_;
}

int child::wait() {
  int status = 0;
  while (!exit_code_) {
    if (::waitpid(pid_, &status, 0) == pid_) exit_code_ = exit_code_of(status);
  }
  return *exit_code_;
}

std::string run_program(const command& what) {
  child program(what);
  const int code = program.wait();
  auto output = read_file(what.output_file);
  if (code != 0) throw failure(what.arguments[0] + " " + what.arguments[1] + " failed: " + output);
  return output;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!(file << text)) throw failure("cannot write " + path);
}

}  // namespace spillway::bench
