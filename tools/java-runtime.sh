# A Java runtime with what Portcullis needs of it. Read by tools/image and tools/deb, after tools/toolchain.sh.
# shellcheck shell=sh disable=SC2154

# Without java.desktop and java.sql, which libraries name for cases that do not come up; training would find what is missing.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.httpserver,jdk.unsupported

# Links it into $1, which nobody else writes. It depends on nothing but the JDK: a new one is linked where that changed. Not
# compressed, as what it is put into is.
link_runtime() {
  link="--add-modules $modules --strip-debug --no-header-files --no-man-pages --compress zip-0"
  if printf '%s\n' "$link" | cat - "$JAVA_HOME/release" | cmp -s - "$1.from"; then return; fi
  say "linking a runtime of the JDK in $JAVA_HOME"
  rm -rf "$1"
  # shellcheck disable=SC2086 # options
  "$JAVA_HOME/bin/jlink" $link --output "$1" >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    die "the runtime could not be linked; details in $log"
  }
  printf '%s\n' "$link" | cat - "$JAVA_HOME/release" >"$1.from"
}
