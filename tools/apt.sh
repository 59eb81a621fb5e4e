# Debian packages, while nothing is installed and the machine's package state stays as it is: an apt with lists, cache and, where
# they are wanted, sources of its own, in a directory. It checks each index by the archive's signature, and what it fetches by
# the index. Read by tools/debian-sid, tools/kubernetes, tools/libseccomp-simulator, tools/debian-13,
# tools/prometheus, tools/architecture.sh and tools/userland.sh.
# shellcheck shell=sh

# Prints where this machine has Debian from, and which: "http://deb.debian.org/debian bookworm". Of the release $1 where it is
# given. Prints nothing where the package sources have none.
debian_source() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Identifier: Packages' 'Origin: Debian' 'Component: main' \
    ${1:+"Codename: $1"} | grep -v -e -security -e -updates -e -backports | head -n 1
}

# Begins one in the directory $1, with the machine's sources; what it had fetched there is thrown away.
begin_apt() {
  apt=$1 apt_options=''
  rm -rf "$apt/files" "$apt/sources.list"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts" "$apt/files"
}

# Prints where this machine has Debian's security updates from; nothing where its package sources have none.
debian_security_source() {
  # shellcheck disable=SC2016 # apt's own variables
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Identifier: Packages' 'Origin: Debian' 'Component: main' |
    sed -n 's/ .*-security$//p' | head -n 1
}

# Has it take the release $2 of Debian alone, from the address $1: packages (deb), sources (deb-src), or both. Callers have
# variables of these names.
take_release() {
  taken_address=$1 taken_release=$2
  shift 2
  for type; do
    printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$type" "$taken_address" "$taken_release"
  done >>"$apt/sources.list"
}

# Becomes apt-get, in the directory `files` of its own: for a subshell.
private_apt() {
  cd "$apt/files" || exit
  if [ -e "$apt/sources.list" ]; then
    set -- -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=$apt/parts" "$@"
  fi
  # Options that a caller has set after begin_apt.
  # shellcheck disable=SC2086 # words
  exec apt-get -q ${apt_options:-} -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@" </dev/null
}
