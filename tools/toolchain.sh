# Finds what builds Portcullis. Read by ./build, ./test and others, which set `home`, the checkout, and `log`, a file for details.
# shellcheck shell=sh disable=SC2154

say() { printf 'portcullis: %s\n' "$*" >&2; }

die() {
  say "$1"
  shift
  for line; do printf '  %s\n' "$line" >&2; done
  exit 3
}

is_root() { [ "$(id -u)" -eq 0 ]; }

# The feature version of the JDK in a directory, by its `release` file: starting java takes longer.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#JAVA_VERSION=\"}
        line=${line%%[!0-9]*}
        [ -n "$line" ] && printf '%s\n' "$line"
        return
        ;;
    esac
  done <"$1/release"
  return 1
}

is_new_enough() {
  version=$(jdk_version "$1") && [ "$version" -ge 25 ]
}

look_for_jdk() {
  if [ -n "${JAVA_HOME:-}" ]; then
    if is_new_enough "$JAVA_HOME"; then
      jdk=$JAVA_HOME
      return
    fi
    say "JAVA_HOME ($JAVA_HOME) is ${version:+JDK $version, }not JDK 25 or newer: looking elsewhere"
  fi
  for jdk in /usr/lib/jvm/* /opt/*jdk* /opt/java/* /usr/local/*jdk* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* /usr/java/*; do
    is_new_enough "$jdk" && return
  done
  if java=$(command -v java) && java=$(readlink -f "$java"); then
    jdk=${java%/bin/java}
    is_new_enough "$jdk" && return
  fi
  return 1
}

# Installs Debian packages; fails where it may not or cannot.
apt_install() {
  is_root && command -v apt-get >/dev/null || return 1
  say "installing $* (apt-get)"
  if ! apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 </dev/null; then
    apt-get update >"$log" 2>&1 </dev/null
    apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 </dev/null || {
      tail -n 5 "$log" >&2
      return 1
    }
  fi
}

apt_has() {
  command -v apt-cache >/dev/null && [ -n "$(apt-cache search --names-only "^$1\$" 2>/dev/null)" ]
}

# Sets JAVA_HOME to a JDK 25 or newer: this machine's, the package of its system, or one of the checkout's own.
# $home is the checkout; $log is a file for the words of apt.
use_jdk() {
  export DEBIAN_FRONTEND=noninteractive
  if ! look_for_jdk; then
    package=openjdk-25-jdk-headless
    if is_root && command -v apt-get >/dev/null; then
      apt_has "$package" || apt-get update >"$log" 2>&1 </dev/null
      if apt_has "$package"; then apt_install "$package"; fi
    fi
    if ! look_for_jdk; then
      command -v curl >/dev/null || command -v wget >/dev/null || apt_install curl ca-certificates || true
      if ! jdk=$("$home/tools/temurin"); then
        if apt_has "$package"; then
          die "no JDK 25 or newer found; install one:" "sudo apt-get install $package"
        fi
        die "no JDK 25 or newer found, and this system's packages have none." \
          "Install one, for example Eclipse Temurin 25 from https://adoptium.net/installation/linux/," \
          "into /usr/lib/jvm or /opt, or set JAVA_HOME to where it is, and try again."
      fi
    fi
  fi
  export JAVA_HOME="$jdk"
}

# Makes sure that there is a Maven that refuses downloads with another content than .mvn/checksums names, and that it is quiet on a
# new JDK.
use_maven() {
  if ! command -v mvn >/dev/null; then
    apt_install maven || true
    command -v mvn >/dev/null ||
      die "Maven is not installed; install it:" "sudo apt-get install maven"
  fi
  # Maven 3.8 uses sun.misc.Unsafe, of which newer JDKs warn. Compiling takes a seventh less processor time with the serial collector
  # than with G1, of which there may be one only, and a third less without the JVM's second compiler: javac ends before that pays.
  case ${MAVEN_OPTS:-} in
    *-XX:+Use*GC*) ;;
    *) MAVEN_OPTS="${MAVEN_OPTS:-} -XX:+UseSerialGC" ;;
  esac
  case $MAVEN_OPTS in
    *-XX:*Tiered*) ;;
    *) MAVEN_OPTS="$MAVEN_OPTS -XX:TieredStopAtLevel=1" ;;
  esac
  export MAVEN_OPTS="$MAVEN_OPTS --sun-misc-unsafe-memory-access=allow"
  maven_version=$(mvn --version 2>&1) || die "Maven does not start:" "$maven_version"
  if ! checks_downloads; then
    # The lock of ./build is not for what is started here.
    if maven=$("$home/tools/maven" 9>&-); then
      export PATH="$maven/bin:$PATH"
      maven_version=$(mvn --version 2>&1) || die "Maven does not start:" "$maven_version"
    else
      say "NOT CHECKED: what Maven downloads is not compared with .mvn/checksums, as this Maven is older than 3.9.2"
    fi
  fi
}

# Whether the Maven that use_maven found is 3.9.2 or newer: since then it finds the list in .mvn/checksums.
checks_downloads() {
  printf '%s\n' "$maven_version" | grep -Eq 'Apache Maven (3\.9\.([2-9]|[1-9][0-9])|3\.[1-9][0-9]\.|[4-9]\.)'
}
