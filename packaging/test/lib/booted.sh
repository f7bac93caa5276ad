# systemd as the first process of a root of its own, with this machine's network. Sourced, never run.
#
# It has its own processes, mounts, host name and control groups, so what it manages ends with it. Not a
# container that keeps anybody in: root in it is root.
# shellcheck shell=bash disable=SC2034,SC2154

# boot DIR: $booted is its process then; false where systemd does not come up within a minute.
boot() {
  local dir=$1
  mkdir -p "$dir/run" "$dir/dev" "$dir/proc" "$dir/sys"
  # Of its output, what it cannot tell the journal.
  unshare --mount --pid --ipc --uts --cgroup --fork --kill-child --propagation private \
    "$0" --first-process "$dir" >"$dir.console" 2>&1 </dev/null &
  unshared=$!
  wait_until 20 has_child "$unshared" || { tail -n 5 "$dir.console" >&2 && return 1; }
  booted=$(children_of "$unshared" | head -n 1)
  wait_until 60 is_up
}
has_child() { [[ -n $(children_of "$1") ]] || gone "$1"; }
is_up() {
  case $(in_booted systemctl is-system-running 2>/dev/null) in running | degraded) ;; *) false ;; esac
}

in_booted() {
  nsenter --target "$booted" --mount --pid --ipc --uts --cgroup --root --wd \
    env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
}

shut_down() {
  [[ -n ${unshared:-} ]] || return 0
  in_booted systemctl poweroff >/dev/null 2>&1 || true
  wait_until 30 gone "$unshared" || kill -KILL "$unshared" 2>/dev/null || true
}

# Context: the first process of the namespaces.
first_process() {
  local dir=$1 node
  mount --bind "$dir" "$dir"
  mount -t proc proc "$dir/proc"
  mount -t sysfs -o ro sysfs "$dir/sys"
  # Control groups of version 2 alone, below this process's own: all that a service needs.
  mount -t cgroup2 cgroup2 "$dir/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$dir/dev"
  for node in null zero full random urandom tty; do
    touch "$dir/dev/$node"
    mount --bind "/dev/$node" "$dir/dev/$node"
  done
  mkdir "$dir/dev/pts" "$dir/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$dir/dev/pts"
  ln -s pts/ptmx "$dir/dev/ptmx"
  mount -t tmpfs tmpfs "$dir/dev/shm"
  mount -t tmpfs -o mode=755 tmpfs "$dir/run"
  hostname spillway-test
  # Not chroot alone: whoever enters these mounts later would be outside of it.
  cd "$dir" || return 1
  pivot_root . mnt
  exec chroot . sh -c 'umount -l /mnt && exec env -i container=other \
    /lib/systemd/systemd --system --unit=multi-user.target'
}
