# Programs of Debian's packages, without installing these: their services would start. Sourced, never
# run.
# shellcheck shell=bash

# debian_program PACKAGE PATH: prints where the program is; false where the package cannot be had.
# One that is installed is used as it is, one that was fetched before (into ~/.cache/spillway) again.
debian_program() {
  local package=$1 path=$2 version kept fetched
  if [[ -x /$path ]]; then
    echo "/$path"
    return
  fi
  version=$(apt-cache policy "$package" 2>/dev/null | awk '/Candidate:/ { print $2 }')
  [[ -n $version && $version != "(none)" ]] || return 1
  kept=${XDG_CACHE_HOME:-$HOME/.cache}/spillway/${package}_${version//:/_}
  if [[ ! -x $kept/$path ]]; then
    fetched=$(mktemp -d)
    say "fetching Debian's package $package $version"
    mkdir -p "$kept"
    # _apt, who downloads for root, may not write into every folder.
    (cd "$fetched" && apt-get -o APT::Sandbox::User=root -q download "$package" >&2 &&
      dpkg -x ./*.deb "$kept") || { rm -rf "$fetched" && return 1; }
    rm -rf "$fetched"
  fi
  [[ -x $kept/$path ]] && echo "$kept/$path"
}
