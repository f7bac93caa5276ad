# Helpers shared by the scripts: messages, root, elapsed time. Sourced, never run.
# shellcheck shell=bash disable=SC2034

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
script_name=${0##*/}
PATH=$PATH:/usr/sbin:/sbin # where the daemons are, also for users other than root

# Exit code for "this machine cannot do that": sysexits' EX_UNAVAILABLE.
exit_unavailable=69

say() { printf '== %s\n' "$*" >&2; }
warn() { printf '!! %s\n' "$*" >&2; }

# die MESSAGE [EXIT_CODE]: one sentence on stderr.
die() {
  printf '%s: %s\n' "$script_name" "$1" >&2
  exit "${2:-1}"
}

have() { command -v "$1" >/dev/null 2>&1; }

# Prints the comment at the top of the running script: its description and usage.
usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }

can_be_root() { ((EUID == 0)) || have sudo; }

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die "needs root for '$1': run it as root, or install sudo."
  fi
}

# stage TITLE COMMAND...: runs the command, tells how long it took, returns its exit code.
stage() {
  local title=$1 begin=$SECONDS code=0
  shift
  say "$title"
  "$@" || code=$?
  if ((code == 0)); then
    say "$title: done in $((SECONDS - begin)) s"
  else
    warn "$title: failed with code $code after $((SECONDS - begin)) s"
  fi
  return "$code"
}

# Node and the modules that build the dashboard; without them the binary has none.
provide_dashboard() {
  if stage "install what builds the dashboard" "$root/scripts/install-deps" web; then return; fi
  warn "NO NODE, OR NO MODULES OF web/: spillway is built without its dashboard."
}

# wait_until SECONDS COMMAND...: true as soon as the command is, false at the deadline.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

# closing_line PASSED FAILED SKIPPED: the last line of a run; .ci/run adds up what several say.
closing_line() {
  if [[ -n ${SPILLWAY_TALLY:-} ]]; then echo "$1 $2 $3" >>"$SPILLWAY_TALLY"; fi
  echo "$1 passed, $2 failed, $3 skipped"
}
