# The part of Debian that the image has: a C library, what it needs, and no program. Read by tools/image, after
# tools/toolchain.sh and tools/apt.sh.
# shellcheck shell=sh disable=SC2154

# Fills the directory $1 from Debian packages; works in $2. The machine's own package state is not touched, and nothing is
# installed.
make_userland() {
  root=$1
  work=$2
  # BoringSSL needs what compiled code needs of the compiler (libgcc).
  packages='base-files libc-bin libc6 libgcc-s1 libseccomp2 zlib1g'
  # Debian's own JDK takes the C++ library from the system, Temurin has it inside.
  if grep -aq 'libstdc++\.so' "$jre/lib/server/libjvm.so"; then packages="$packages libstdc++6"; fi

  if [ -n "${foreign:-}" ]; then begin_foreign_apt "$work"; else begin_apt "$work"; fi
  rm -rf "$work/unpacked"
  mkdir "$work/unpacked"
  (private_apt update) >"$log" 2>&1 || say "some package sources do not answer (details: $log)"
  # shellcheck disable=SC2086 # a list
  (private_apt download $packages) >>"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    die "the packages $packages cannot be had from this system's sources; details in $log"
  }

  mkdir -p "$root/dev" "$root/etc" "$root/proc" "$root/sys" "$root/tmp" "$root/usr/lib" "$root/usr/lib64" \
    "$root/var/lib/dpkg/status.d"
  chmod 1777 "$root/tmp"
  # Debian 12 and later have one tree below /usr; the packages of 12 still name the links.
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  for deb in "$work"/files/*.deb; do
    package=$(dpkg-deb --field "$deb" Package)
    dpkg-deb --extract "$deb" "$work/unpacked/$package"
    # Scanners look here for what an image without dpkg is made of.
    dpkg-deb --field "$deb" >"$root/var/lib/dpkg/status.d/$package"
    (cd "$work/unpacked/$package" && take_files)
  done

  printf 'root:x:0:0:root:/:/nonexistent\nportcullis:x:%s:%s:portcullis:/:/nonexistent\n' "$uid" "$uid" >"$root/etc/passwd"
  printf 'root:x:0:\nportcullis:x:%s:\n' "$uid" >"$root/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
}

# Copies what the image needs of the package that is the working directory, its licence included.
take_files() {
  for path in lib/*-linux-gnu*/*.so* lib64/*.so* lib/ld-linux* usr/lib/*-linux-gnu*/*.so* usr/lib64/*.so* \
    usr/lib/ld-linux* usr/lib/locale/C.utf8 usr/lib/os-release etc/os-release etc/debian_version \
    usr/share/common-licenses usr/share/doc/*/copyright; do
    [ -e "$path" ] || [ -h "$path" ] || continue
    case $path in
      lib/* | lib64/*) target=usr/$path ;;
      *) target=$path ;;
    esac
    mkdir -p "$root/${target%/*}"
    cp -a "$path" "$root/$target"
  done
}
