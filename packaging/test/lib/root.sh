# A bare Debian in a folder for one run of a test, and commands in it. Sourced, never run.
#
# A test's main calls prepare_root, puts into $dir what it needs, and run_inside; that runs the test
# again with `--inside DIR` in namespaces of its own, so that whatever is started and mounted there ends
# with it.
# shellcheck shell=bash disable=SC2034,SC2154

# package_to_test [FILE]: prints which.
package_to_test() {
  local package=${1:-} newest
  if [[ -z $package ]]; then
    newest=("$root"/build/package/spillway_*.deb)
    package=${newest[-1]}
  fi
  [[ -r $package ]] || die "there is no package: run scripts/package, or name one." 2
  realpath "$package"
}

prepare_root() {
  ((EUID == 0)) || die "needs root, for debootstrap and chroot." "$exit_unavailable"
  dir=$(mktemp -d /tmp/spw-pkg.XXXXXX)
  chmod 755 "$dir"
  # Global, for the trap runs when no function's variables are there.
  trap '[[ -n ${KEEP:-} ]] || rm -rf --one-file-system "$dir"' EXIT
  stage "a bare Debian 12 in $dir" unpack_root "$dir" ||
    die "debootstrap failed: see above." "$exit_unavailable"
}

run_inside() {
  unshare --mount --pid --fork --kill-child --propagation private "$0" --inside "$dir"
}

# Context: inside.
enter_root() {
  mount --bind "$dir" "$dir"
  # For those who look for processes from outside of the root, and in it.
  mount -t proc proc /proc
  mount -t proc proc "$dir/proc"
  # apt and its maintainer scripts want no more than this.
  mount --rbind /dev "$dir/dev"
}

in_root() {
  chroot "$dir" /usr/bin/env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    http_proxy="${http_proxy:-}" https_proxy="${https_proxy:-}" "$@"
}
