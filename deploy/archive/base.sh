# Where it is unpacked, however it was called: krew and others link to it.
self=$0
case $self in */*) ;; *) self=$(command -v -- "$self") ;; esac
while [ -h "$self" ]; do
  link=$(readlink -- "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
base=$(CDPATH='' cd -P -- "${self%/*}/.." && pwd) || exit 3
case $base in
  *:*)
    printf '%s\n' "portcullis: $base has a colon, which Java's class path cannot have: unpack it elsewhere" >&2
    exit 3
    ;;
esac
home=$base/lib
# All files have one time, and a start-up cache holds for jars of that time. Where the times were lost, the JVM would say so at each start.
if [ "$home/jre/lib/modules" -nt "$base/LICENSE" ] || [ "$home/jre/lib/modules" -ot "$base/LICENSE" ]; then
  flags="$flags -XX:AOTMode=off"
fi
