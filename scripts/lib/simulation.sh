# A simulated Docker host (docs/simulation.md) in place of an Engine. Sourced, never run.
#
#   DIR/docker.sock  the Engine API      DIR/host.out, DIR/host.err  what it says
#   DIR/containers   its containers' folders
# shellcheck shell=bash disable=SC2034

simulated_host_pid=

simulated_host_listens() { [[ -S $1/docker.sock ]] || gone "$simulated_host_pid"; }

# start_simulated_host DIR PROGRAM [OPTION...]: prints nothing; false where it does not start.
start_simulated_host() {
  local dir=$1 program=$2
  mkdir -p "$dir"
  # In a session of its own: Ctrl-C is for the script, which ends the host last.
  setsid "$program" host --socket "$dir/docker.sock" --directory "$dir" --apps 0 "${@:3}" \
    >"$dir/host.out" 2>"$dir/host.err" </dev/null &
  simulated_host_pid=$!
  wait_until 20 simulated_host_listens "$dir" && [[ -S $dir/docker.sock ]] && return
  tail -n 3 "$dir/host.err" >&2
  return 1
}

stop_simulated_host() {
  [[ -n $simulated_host_pid ]] || return 0
  end_process "$simulated_host_pid" 15
  simulated_host_pid=
}
