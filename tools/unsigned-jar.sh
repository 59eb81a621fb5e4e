#!/bin/sh
# Copies a jar; without its signature where it has one. A JVM keeps classes of a signed jar out of its start-up cache, checks
# the digest of each that it loads, and keeps the digests of all in memory: 0.8 s and 12 MB for a webhook that makes its
# certificate with BouncyCastle when it starts. One with a mounted certificate and a PKCS#8 key loads no class of it, and
# saves nothing.
# Maven has checked what it fetched by then, and who can exchange a jar here can exchange the others, which are not signed.
# usage: tools/unsigned-jar.sh FROM TO EPOCH

from=$1
to=$2
epoch=$3
jar=${JAVA_HOME:?}/bin/jar
LC_ALL=C
export LC_ALL

# The names in a jar are not compressed.
if ! grep -qa 'META-INF/[A-Za-z0-9_-]*\.SF' "$from"; then
  exec cp "$from" "$to"
fi
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
mkdir "$work/files" || exit 3
(cd "$work/files" && "$jar" --extract --file "$from") || exit 3
# The first section is about the jar; each of the others is a file's digest.
tr -d '\r' <"$work/files/META-INF/MANIFEST.MF" | sed '/^$/q' >"$work/manifest"
rm -f "$work/files/META-INF/MANIFEST.MF" "$work"/files/META-INF/*.SF "$work"/files/META-INF/*.RSA "$work"/files/META-INF/*.DSA \
  "$work"/files/META-INF/*.EC
# Sorted, and with one time: the same jar on every machine.
(cd "$work/files" && find . -type f | sed 's|^\./||' | sort) >"$work/list" || exit 3
cd "$work/files" &&
  "$jar" --create --file "$work/jar" --manifest "$work/manifest" --date "$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" "@$work/list" &&
  cp "$work/jar" "$to"
