#include "host/descriptor_limit.hpp"

#include <optional>

namespace spillway::host {

namespace {

std::optional<rlimit> limit_before;

}  // namespace

rlim_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  rlimit raised = limit;
  raised.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) return limit.rlim_cur;
  limit_before = limit;
  return raised.rlim_cur;
}

const rlimit* descriptor_limit_before() {
  return limit_before ? &*limit_before : nullptr;
}

}  // namespace spillway::host
