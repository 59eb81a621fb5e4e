# A Java runtime with what Portcullis needs of it. Read by tools/image and tools/deb, after tools/toolchain.sh.
# shellcheck shell=sh disable=SC2154

# Without java.desktop and java.sql, which libraries name for cases that do not come up; training would find what is missing.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.httpserver,jdk.unsupported

# Links it into $1, which nobody else writes. It depends on nothing but the JDK: a new one is linked where that changed. Not
# compressed, as what it is put into is. For `foreign`, of the modules of a JDK for it; symbols for debuggers are files of their own
# there, and this machine's objcopy knows no others.
link_runtime() {
  link="--add-modules $modules --no-header-files --no-man-pages --compress zip-0"
  words_of_jdk=$JAVA_HOME/release
  if [ -n "${foreign:-}" ]; then
    use_foreign_jdk
    link="--module-path $jmods $link --strip-java-debug-attributes --exclude-files **.debuginfo"
    words_of_jdk=${jmods%/jmods}/release
  else
    link="$link --strip-debug"
  fi
  if printf '%s\n' "$link" | cat - "$JAVA_HOME/release" "$words_of_jdk" | cmp -s - "$1.from"; then return; fi
  say "linking a runtime of the JDK in ${words_of_jdk%/release}"
  rm -rf "$1"
  # shellcheck disable=SC2086 # options
  (set -f && exec "$JAVA_HOME/bin/jlink" $link --output "$1") >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    die "the runtime could not be linked; details in $log"
  }
  printf '%s\n' "$link" | cat - "$JAVA_HOME/release" "$words_of_jdk" >"$1.from"
}
