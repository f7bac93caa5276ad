# Finding and ending processes by an exact argument, with /proc alone. Sourced, never run.
# shellcheck shell=bash

# Prints the pids of processes that have exactly this argument on their command line.
pids_with_argument() {
  local file
  # The pattern goes in by stdin, so that grep does not find itself.
  # shellcheck disable=SC2062 # the files are a glob
  printf '%s\n' "$1" | grep -lzxFs --file=- /proc/[0-9]*/cmdline | while read -r file; do
    file=${file#/proc/}
    echo "${file%/cmdline}"
  done || true
}

# Prints the pids of a process's children.
children_of() {
  cat /proc/[0-9]*/stat 2>/dev/null |
    awk -v parent="$1" '{ pid = $1; sub(/^.*\) /, ""); if ($2 == parent) print pid }'
}

# A zombie counts as gone: only its parent can reap it.
alive() {
  local state
  state=$(awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null) || return 1
  [[ -n $state && $state != Z ]]
}

gone() { ! alive "$1"; }

# end_process PID SECONDS: asks it to end, and kills it at the deadline.
end_process() {
  kill -TERM "$1" 2>/dev/null || return 0
  wait_until "$2" gone "$1" || kill -KILL "$1" 2>/dev/null || true
}
