package dev.portcullis.run.containerd;

/// The shell scripts of an instance. Files, so that a person can read what was done.
final class Scripts {
  private Scripts() {}

  /// Runs in a mount namespace of its own: nothing that it mounts or unmounts is seen outside, and
  /// all of it ends with the last process in there.
  static String start(InstanceDirectory directory) {
    return """
    #!/bin/sh
    set -e
    dir='%s'
    # crun refuses a machine that has both versions of control groups mounted.
    if [ -e /sys/fs/cgroup/unified/cgroup.controllers ]; then
      umount /sys/fs/cgroup/unified
    fi
    # Fixed in the sources of containerd and of CNI's library.
    mount --bind "$dir/shims" /run/containerd
    mount --bind "$dir/cni-results" /var/lib/cni
    # The plugin for bridges switches forwarding on for the whole machine. Its write ends here.
    mount --bind "$dir/ip_forward" /proc/sys/net/ipv4/ip_forward
    exec containerd --config "$dir/config.toml"
    """
        .formatted(directory.path());
  }

  /// Does by hand what closing does: for an instance that was asked to stay.
  static String remove(InstanceDirectory directory) {
    return """
    #!/bin/sh
    # Ends this private containerd with all its containers, and removes what it made.
    dir='%1$s'
    name='%2$s'
    here=$(readlink /proc/self/ns/mnt)
    ours() {
      for proc in /proc/[0-9]*; do
        [ "$(readlink "$proc/ns/mnt" 2>/dev/null)" = "$here" ] && continue
        if cat "$proc/cmdline" 2>/dev/null | tr '\\0' '\\n' | grep -q -e "^$dir/" -e "=$dir/"; then
          echo "${proc#/proc/}"
        fi
      done
      find /sys/fs/cgroup -path "*/$name/*" -name cgroup.procs -exec cat {} + 2>/dev/null |
        grep -vx 0 # a process of another pid namespace; kill would take it for this script's group
    }
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
      pids=$(ours)
      [ -z "$pids" ] && break
      kill -9 $pids 2>/dev/null
      sleep 0.3
    done
    # Number and chain of the next rule that forwards a port of the machine to one of its pods.
    port() {
      iptables -w 5 -t nat -L CNI-HOSTPORT-DNAT -n --line-numbers 2>/dev/null |
        awk -v name="\"$name\"" 'index($0, name) { print $1, $2; exit }'
    }
    rule=$(port)
    while [ -n "$rule" ]; do
      iptables -w 5 -t nat -D CNI-HOSTPORT-DNAT "${rule%% *}" || break
      iptables -w 5 -t nat -F "${rule#* }"
      iptables -w 5 -t nat -X "${rule#* }"
      rule=$(port)
    done
    [ -e "/sys/class/net/$name" ] && ip link delete "$name"
    find /sys/fs/cgroup -depth -type d \\( -name "$name" -o -path "*/$name/*" \\) -exec rmdir {} \\; 2>/dev/null
    if grep -q " $dir/" /proc/self/mountinfo; then
      echo "something is still mounted below $dir; unmount it, then run this again" >&2
      exit 1
    fi
    rm -rf --one-file-system "$dir"
    for stand in /run/containerd /var/lib/cni; do
      # Removing a directory also removes what others have mounted on it in their namespaces.
      cat /proc/[0-9]*/mountinfo 2>/dev/null | grep -q " $stand " || rmdir "$stand" 2>/dev/null
    done
    exit 0
    """
        .formatted(directory.path(), directory.name());
  }
}
