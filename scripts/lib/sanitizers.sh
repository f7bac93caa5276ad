# What the sanitizer presets need around a test run. Sourced, never run.
# shellcheck shell=bash disable=SC2034

# Rooms whose tests need no CAF: under TSan, Debian's own CAF library gives false reports.
rooms_without_caf='^(protocol|config|client|store|net|host|bench)$'

# Reports go to files: those of a server under test would vanish in its captured output.
sanitizer_environment() {
  local reports=$1
  export ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:log_path=$reports/asan"
  export UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:log_path=$reports/asan"
  export TSAN_OPTIONS="halt_on_error=0:exitcode=66:second_deadlock_stack=1:log_path=$reports/tsan"
}

# print_reports FOLDER: prints each report file, and returns the number of them in $reports_found.
print_reports() {
  local file
  reports_found=0
  for file in "$1"/*; do
    [[ -s $file ]] || continue
    reports_found=$((reports_found + 1))
    warn "sanitizer report ${file##*/}:"
    head -n 120 "$file" >&2
  done
}

# clang 14's ThreadSanitizer cannot live with the address randomisation of newer kernels.
fixed_addresses() {
  if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}
