#!/bin/sh
# Runs Portcullis from its Debian package. tools/deb fills in what stands between @.

home=@home@
flags='@flags@'
# kubectl runs a program of this name as `kubectl seccomp`; help and errors then say so.
case ${0##*/} in
  kubectl-seccomp | kubectl_seccomp) export PORTCULLIS_KUBECTL_PLUGIN=1 ;;
  # By this one, kubectl asks what may stand next.
  kubectl_complete-seccomp) set -- __complete "$@" ;;
esac

# No line is wider than the terminal, which a shell keeps to itself and Java cannot ask.
if [ -t 1 ] && [ -z "${COLUMNS:-}" ] && columns=$(stty size <&1 2>/dev/null); then
  export COLUMNS="${columns#* }"
fi

# Names of files, and what is printed, are decoded by the locale: POSIX would lose what is not ASCII. The C library's
# words in a message are then English, as the rest of it.
export LC_ALL=C.UTF-8

case ${1:-} in
  check | policy) cache=check ;;
  profile | exposure | report) cache=profile ;;
  run) cache=run ;;
  node)
    cache=node
    flags="$flags @node_flags@"
    # One arena of malloc instead of one a thread: 10 MB.
    export MALLOC_ARENA_MAX=1
    ;;
  *) cache=version ;;
esac

# shellcheck disable=SC2086 # the flags are words
exec "$home/jre/bin/java" $flags "-XX:AOTCache=$home/$cache.aot" "-Ddev.portcullis.compilation.cache=$home/compilation.aot" -cp "@classpath@" dev.portcullis.cli.Main "$@"
