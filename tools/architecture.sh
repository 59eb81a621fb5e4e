# What is made for another architecture than this machine's. Read by tools/image and tools/deb, after tools/toolchain.sh and
# tools/apt.sh.
# shellcheck shell=sh disable=SC2034,SC2154

# Takes Debian's word for an architecture, or nothing for this machine's; sets `architecture`, `machine`, the kernel's word, and
# `foreign`, which is empty for this machine's own.
choose_architecture() {
  own=$(dpkg --print-architecture) || exit 3
  architecture=${1:-$own}
  case $architecture in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
    *) die "--arch $architecture: it is made for amd64 and arm64" ;;
  esac
  foreign=''
  if [ "$architecture" != "$own" ]; then foreign=$architecture; fi
}

# The release of Debian that a foreign JDK is taken from: the first that has JDK 25. Eclipse Temurin would serve older ones, but
# its JDK 25 has no jmods, which a link for another machine is made of.
foreign_release=trixie

# Has apt take packages of `foreign` alone, from that release, in the directory $1.
begin_foreign_apt() {
  begin_apt "$1"
  mirror=$(debian_source)
  [ -n "$mirror" ] || die "this machine's package sources have no Debian, from which the packages for $foreign come"
  take_release "${mirror% *}" "$foreign_release" deb
  take_release "${mirror% *}" "$foreign_release-updates" deb
  security=$(debian_security_source)
  [ -z "$security" ] || take_release "$security" "$foreign_release-security" deb
  : >"$apt/status"
  apt_options="-o APT::Architecture=$foreign -o APT::Architectures=$foreign -o Dir::State::status=$apt/status"
}

# Whether the modules are there, and not so old that Debian may have mended something in them since.
has_foreign_jdk() {
  [ -s "$jmods/java.base.jmod" ] && [ -z "$(find "${jmods%/jmods}" -maxdepth 0 -mtime +7)" ]
}

# Sets `jmods` to the modules of a JDK 25 for `foreign`: those of Debian's package, checked by apt.
use_foreign_jdk() {
  jmods=$home/.build/jdk-$foreign/jmods
  ! has_foreign_jdk || return 0
  # tools/image and tools/deb may run at the same time.
  if command -v flock >/dev/null; then
    exec 8>>"$home/.build/jdk-$foreign.lock"
    flock 8
    ! has_foreign_jdk || return 0
  fi
  say "fetching the modules of a JDK for $foreign from Debian (320 MB)"
  begin_foreign_apt "$home/.build/apt-$foreign"
  (private_apt update) >"$log" 2>&1 && (private_apt download openjdk-25-jdk-headless openjdk-25-jre-headless) >>"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    die "no JDK 25 for $foreign can be had from Debian; details in $log"
  }
  rm -rf "$home/.build/jdk-$foreign" "$home/.build/jdk-$foreign.making" "$apt/unpacked"
  for deb in "$apt"/files/*.deb; do
    dpkg-deb --extract "$deb" "$apt/unpacked" || die "$deb cannot be unpacked"
  done
  for tree in "$apt"/unpacked/usr/lib/jvm/java-25-openjdk-*; do
    [ -s "$tree/jmods/java.base.jmod" ] || die "Debian's JDK 25 for $foreign has no jmods"
    mkdir -p "$home/.build/jdk-$foreign.making"
    mv "$tree/jmods" "$tree/release" "$home/.build/jdk-$foreign.making/" || exit 3
  done
  mv "$home/.build/jdk-$foreign.making" "$home/.build/jdk-$foreign" && touch "$home/.build/jdk-$foreign" || exit 3
  rm -rf "$apt/unpacked" "$apt"/files/*.deb
}
