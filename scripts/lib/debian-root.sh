# A bare Debian 12 in a folder, from the mirror that this machine's apt uses. Sourced, never run.
# shellcheck shell=bash

debian_release=bookworm

# The mirror that this machine's own package lists come from.
# shellcheck disable=SC2016 # apt expands these
mirror() {
  apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$debian_release" '$1 == release { print $2; exit }'
}

apt_setting() {
  local value
  eval "$(apt-config shell value "$1")"
  echo "${value:-}"
}

# bootstrap DIR: what debootstrap calls minbase. Needs root.
bootstrap() {
  local dir=$1 uri
  have debootstrap || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q debootstrap >&2
  uri=$(mirror)
  [[ -n $uri ]] || die "this machine's apt sources do not name Debian 12 ($debian_release)."
  # debootstrap downloads with wget, which knows of proxies by the environment alone.
  export http_proxy=${http_proxy:-$(apt_setting Acquire::http::Proxy)}
  export https_proxy=${https_proxy:-$(apt_setting Acquire::https::Proxy)}
  debootstrap --variant=minbase "$debian_release" "$dir" "$uri" >&2
}

# adopt_host DIR: package sources, proxies and keys as here, and names resolved as here.
adopt_host() {
  local dir=$1 file
  rm -rf "$dir/etc/apt"
  cp -a /etc/apt "$dir/etc/apt"
  for file in /etc/resolv.conf /etc/hosts; do
    if [[ -e $file ]]; then cp -L "$file" "$dir$file"; fi
  done
  if [[ -d /usr/local/share/ca-certificates ]]; then
    cp -a /usr/local/share/ca-certificates "$dir/usr/local/share/"
  fi
  # A package that starts a service when installed would start it in the chroot.
  printf '#!/bin/sh\nexit 101\n' >"$dir/usr/sbin/policy-rc.d"
  chmod 755 "$dir/usr/sbin/policy-rc.d"
}

make_root() { bootstrap "$1" && adopt_host "$1"; }

# unpack_root DIR: the same, from a copy that is made at the first time and kept for a month.
unpack_root() {
  local dir=$1 kept=${XDG_CACHE_HOME:-$HOME/.cache}/spillway/$debian_release-minbase.tar
  if [[ -z $(find "$kept" -mtime -30 2>/dev/null) ]]; then
    bootstrap "$dir" || return 1
    mkdir -p "$(dirname "$kept")"
    tar -C "$dir" --one-file-system --numeric-owner -cf "$kept.new" . && mv "$kept.new" "$kept"
  else
    mkdir -p "$dir"
    tar -C "$dir" --numeric-owner -xpf "$kept"
  fi
  adopt_host "$dir"
}
