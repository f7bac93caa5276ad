# The parts of scripts/engine: a private Docker Engine that lives in one folder. Sourced, never run.
#
#   DIR/docker.sock      the Engine API               DIR/dockerd.log, DIR/dockerd.pid
#   DIR/containerd.sock  its own containerd           DIR/containerd.log, DIR/containerd.pid
#   DIR/data, DIR/exec, DIR/containerd  what they keep
# shellcheck shell=bash disable=SC2034

engine_marker=.spillway-engine
engine_image=spillway-test/busybox:1

engine_cli() { timeout 60 docker -H "unix://$1/docker.sock" "${@:2}"; }
engine_answers() { timeout 5 docker -H "unix://$1/docker.sock" version >/dev/null 2>&1; }

# spawn_daemon DIR NAME COMMAND...: in the background, out of reach of the terminal's Ctrl-C.
spawn_daemon() {
  setsid "${@:3}" >>"$1/$2.log" 2>&1 </dev/null &
  echo $! >"$1/$2.pid"
}

# Its own containerd: dockerd would else join a containerd that the machine already runs.
launch_containerd() {
  local dir=$1
  cat >"$dir/containerd.toml" <<TOML
version = 2
root = "$dir/containerd/root"
state = "$dir/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$dir/containerd.sock"
TOML
  # The address stands on the command line too, by which stop_engine finds it.
  spawn_daemon "$dir" containerd containerd --config "$dir/containerd.toml" \
    --address "$dir/containerd.sock"
}

# launch_dockerd DIR [STORAGE_DRIVER]
launch_dockerd() {
  local dir=$1 options=(--iptables=false --ip6tables=false --bridge=none)
  if [[ -n ${2:-} ]]; then options+=("--storage-driver=$2"); fi
  # Under sudo the caller, too, shall reach the socket.
  if [[ -n ${SUDO_GID:-} ]]; then options+=("--group=$SUDO_GID"); fi
  spawn_daemon "$dir" dockerd dockerd --data-root "$dir/data" --exec-root "$dir/exec" \
    --pidfile "$dir/exec.pid" --containerd "$dir/containerd.sock" -H "unix://$dir/docker.sock" \
    "${options[@]}"
}

engine_settled() { engine_answers "$1" || gone "$(<"$1/dockerd.pid")"; }

# import_busybox DOCKER_HOST TAG: a small image: /bin/busybox and a link for each applet.
import_busybox() {
  local host=$1 tag=$2 tree busybox applet
  busybox=$(command -v busybox) || die "busybox is missing: run scripts/install-deps engine."
  tree=$(mktemp -d)
  mkdir -p "$tree/bin" "$tree/etc" "$tree/tmp" "$tree/root"
  cp "$busybox" "$tree/bin/busybox"
  for applet in $("$busybox" --list); do
    [[ -e $tree/bin/$applet ]] || ln -s busybox "$tree/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$tree/etc/passwd"
  echo 'root:x:0:' >"$tree/etc/group"
  chmod 755 "$tree" && chmod 1777 "$tree/tmp"
  local code=0
  tar -C "$tree" --owner=0 --group=0 -c . |
    docker -H "$host" import -c 'ENV PATH=/bin' -c 'CMD ["sh"]' - "$tag" >/dev/null || code=$?
  rm -rf "$tree"
  return "$code"
}

# What the probe container or else the daemon complained about last, in one line without clutter.
engine_complaint() {
  local line
  if [[ -s $1/probe.log ]]; then
    line=$(tail -n 1 "$1/probe.log")
  else
    line=$(grep -hE '^(failed to start|panic:)|level=(error|fatal)' "$1/dockerd.log" | tail -n 1) ||
      line=$(tail -n 1 "$1/dockerd.log") || line=
  fi
  sed -E 's/^.* msg="(.*)"( [a-z]+=.*)?$/\1/' <<<"$line" | tail -n 1
}

# try_engine DIR [STORAGE_DRIVER]: starts one and runs a container on it; false if either fails.
try_engine() {
  local dir=$1
  launch_containerd "$dir"
  launch_dockerd "$dir" "${2:-}"
  wait_until 40 engine_settled "$dir" && engine_answers "$dir" || return 1
  import_busybox "unix://$dir/docker.sock" "$engine_image" >"$dir/probe.log" 2>&1 &&
    engine_cli "$dir" run --rm --network none "$engine_image" true >"$dir/probe.log" 2>&1
}

# Ends whatever runs for DIR: politely while the engine answers, else by what /proc shows.
end_engine_processes() {
  local dir=$1 socket=$1/containerd.sock pid child ids
  if [[ -S $dir/docker.sock ]] && engine_answers "$dir"; then
    ids=$(engine_cli "$dir" ps -aq) || ids=
    # shellcheck disable=SC2086 # one argument an id
    [[ -z $ids ]] || engine_cli "$dir" rm -f $ids >/dev/null 2>&1 || true
  fi
  for pid in $(pids_with_argument "unix://$dir/docker.sock"); do
    [[ $(readlink "/proc/$pid/exe") != */dockerd ]] || end_process "$pid" 15
  done
  for pid in $(pids_with_argument "$socket"); do
    [[ $(readlink "/proc/$pid/exe") == */containerd-shim* ]] || continue
    for child in $(children_of "$pid"); do kill -KILL "$child" 2>/dev/null || true; done
    end_process "$pid" 3
  done
  for pid in $(pids_with_argument "$socket"); do end_process "$pid" 10; done
}

# What a killed engine leaves behind: mounts, cgroups and shim sockets.
sweep_engine_remains() {
  local dir=$1 mount file
  # Deepest first, which is the reverse of the order they were made in.
  awk -v dir="$dir" '$5 == dir || index($5, dir "/") == 1 { print $5 }' /proc/self/mountinfo |
    tac | while read -r mount; do
    umount "$mount" 2>/dev/null || umount -l "$mount" || true
  done
  find "$dir/data/containers" -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null |
    while read -r mount; do
      find /sys/fs/cgroup -depth -type d -name "*$mount*" -exec rmdir {} + 2>/dev/null || true
    done
  find "$dir/containerd/state" -name address 2>/dev/null | while read -r file; do
    file=$(<"$file")
    [[ $file != unix:///run/containerd/s/* ]] || rm -f "${file#unix://}"
  done
}

reset_engine() {
  end_engine_processes "$1"
  sweep_engine_remains "$1"
  rm -rf --one-file-system "$1/data" "$1/exec" "$1/containerd" "$1"/*.sock* "$1"/*.pid
}
