# Counting what was tried, and the last line that tells it. Sourced, never run.
# shellcheck shell=bash disable=SC2034

passed=0
failed=0
skipped=0

# check SENTENCE COMMAND...: the sentence holds where the command succeeds; else its output is shown.
check() {
  local sentence=$1 output
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    say "ok      $sentence"
  else
    failed=$((failed + 1))
    warn "FAILED  $sentence: $*"
    if [[ -n $output ]]; then tail -n 15 <<<"$output" >&2; fi
  fi
}

# skip SENTENCE REASON
skip() {
  skipped=$((skipped + 1))
  warn "SKIPPED $1: $2"
}

# Commands for `check` that bash has no word for.
fails() { ! "$@"; }
same() { [[ $1 == "$2" ]] || { echo "it is '$1', not '$2'" && return 1; }; }
contains() { grep -qiE -- "$2" <<<"$1" || { echo "no /$2/ in: $1" && return 1; }; }

finish() {
  closing_line "$passed" "$failed" "$skipped"
  ((failed == 0))
}
