# Makes start-up caches (JEP 514). Read by ./build, tools/image and tools/deb, after tools/toolchain.sh; `trainer` is the class
# path of the process that asks what is trained, and `log` a file for details.
# shellcheck shell=sh disable=SC2154

# The caches of the command, each for some verbs: all of a cache is loaded at once, so `version` has one without the readers of
# manifests, which `check` and `policy` take, without what understands filters, which `profile`, `exposure` and `report` take, and without
# the client of a runtime, which `run` takes, too. `node` has options of its own. The launchers know which verb takes which.
command_caches='version check profile run node compilation'

# Makes the cache $2 of what is loaded for $1, where the rest runs java with the options and the class path that it will be used
# with. For `compilation`, the process that calls libseccomp, no options: it has its own.
make_cache() {
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -cp "$trainer" \
    dev.portcullis.training.Trainer "$@" >"$log" 2>&1 </dev/null 9>&-
}

# Makes the cache $1.aot of the command in the directory $2, with the java $3 and the class path $4.
make_command_cache() {
  case $1 in
    compilation) set -- "$@" -cp "$(compilation_jars "$4")" ;;
    # shellcheck disable=SC2086 # the flags are words
    node) set -- "$@" $flags $node_flags -cp "$4" ;;
    # shellcheck disable=SC2086
    *) set -- "$@" $flags -cp "$4" ;;
  esac
  purpose=$1 made=$2/$1.aot runtime=$3
  shift 4
  make_cache "$purpose" "$made" "$runtime" "$@" && [ -s "$made" ]
}

# Makes all caches of the command in the directory $1, with the java $2 and the class path $3, two at a time. One that cannot be made is
# not there afterwards; `cache_log` has the reason. A signal ends this when those under way are made: an interrupt from the terminal
# does not reach what runs in the background.
make_command_caches() {
  trap 'wait; say "interrupted"; exit 130' INT
  trap 'wait; say "terminated"; exit 143' TERM HUP
  beside=''
  for cache in $command_caches; do
    (
      log=$(cache_log "$cache")
      make_command_cache "$cache" "$@" || rm -f "$1/$cache.aot"
    ) 9>&- &
    if [ -z "$beside" ]; then beside=yes; else wait; beside=''; fi
  done
  wait
}

# Where the details of the cache $1 of the command are.
cache_log() { printf '%s\n' "${log%.log}-cache-$1.log"; }

# Of a class path, what the process that calls libseccomp has, in the order of `Launch.classPath`.
compilation_jars() {
  for module in compilation seccomp kernel; do
    printf '%s\n' "$1" | tr : '\n' | grep "/portcullis-$module-"
  done | paste -s -d : -
}
