# Fetching the source of a Debian package without touching the machine's apt. Sourced, never run.
# shellcheck shell=bash

# The machine's own package sources, asked for source packages instead of binary ones.
source_entries() {
  local from=$1 to=$2 file
  mkdir -p "$to/parts"
  for file in "$from"/sources.list "$from"/sources.list.d/*.list; do
    if [[ -r $file ]]; then sed -nE 's/^deb(-src)?[[:space:]]/deb-src /p' "$file"; fi
  done | sort -u >"$to/sources.list"
  for file in "$from"/sources.list.d/*.sources; do
    if [[ -r $file ]]; then
      sed -E 's/^Types:.*/Types: deb-src/' "$file" >"$to/parts/${file##*/}"
    fi
  done
}

# fetch_orig PACKAGE DIR: puts the upstream tarball of the package's source, which is all that is
# wanted of it, into DIR; apt checks its hash.
fetch_orig() {
  local package=$1 dir=$2 apt uri name size hash
  apt=$(mktemp -d)
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  source_entries /etc/apt "$apt"
  local options=(
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=$apt/parts"
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache"
    -o "APT::Sandbox::User=$(id -un)" # nobody else could write into a folder of ours
  )
  apt-get "${options[@]}" -qq update >&2
  read -r uri name size hash < <(
    apt-get "${options[@]}" source --print-uris "$package" 2>/dev/null |
      grep -E "^'[^']+' [^ ]+\.orig\.tar\.[a-z0-9]+ " | tr -d "'"
  ) || true
  [[ -n ${uri:-} ]] || { rm -rf "$apt" && return 1; }
  say "fetching $name, $size bytes"
  local code=0
  /usr/lib/apt/apt-helper "${options[@]}" -qq download-file "$uri" "$apt/$name" "$hash" >&2 ||
    code=$?
  if ((code == 0)); then cp "$apt/$name" "$dir/"; fi
  rm -rf "$apt"
  return "$code"
}
