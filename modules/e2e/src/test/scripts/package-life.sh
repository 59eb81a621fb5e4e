# Installs, upgrades, removes and purges the package with the system's dpkg, in a copy of this system that is written to memory alone.
# Upgrades to itself with another version number.
# usage: unshare --mount --propagation private sh package-life.sh DIRECTORY PACKAGE.deb
set -eu
directory=$1
dpkg-deb --raw-extract "$2" "$directory/again"
sed -i 's/^Version: .*/&+again/' "$directory/again/DEBIAN/control"
dpkg-deb --root-owner-group -Znone --build "$directory/again" "$directory/second.deb" >/dev/null
mkdir "$directory/memory" "$directory/root"
mount -t tmpfs tmpfs "$directory/memory"
mkdir "$directory/memory/upper" "$directory/memory/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$directory/memory/upper,workdir=$directory/memory/work" "$directory/root"
root=$directory/root
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
cp "$2" "$root/tmp/first.deb"
cp "$directory/second.deb" "$root/tmp/second.deb"
# What a package asks of systemd is written down, and answered by what is in /run/answers.
mkdir -p "$root/run/systemd/system" "$root/run/answers" "$root/var/lib/kubelet/seccomp" "$root/usr/local/bin"
echo mine >"$root/var/lib/kubelet/seccomp/mine.json"
cat >"$root/usr/local/bin/systemctl" <<'SYSTEMCTL'
#!/bin/sh
echo "systemctl $*" >>/run/asked
for word; do
  [ ! -e "/run/answers/$word" ] || { echo "${word#is-}" && exit 0; }
done
case " $* " in *' is-enabled '* | *' is-active '*) exit 1 ;; esac
SYSTEMCTL
chmod 755 "$root/usr/local/bin/systemctl"
# A machine in a machine may forbid packages to restart anything.
rm -f "$root/usr/sbin/policy-rc.d"
say() { printf '== %s\n' "$*"; }
in_root() { chroot "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin DEBIAN_FRONTEND=noninteractive "$@"; }
asked() {
  say "asked"
  grep -v ' is-' "$root/run/asked" || true
  : >"$root/run/asked"
}

say install
: >"$root/run/asked"
in_root dpkg -i /tmp/first.deb
asked
in_root portcullis version
# It would not start with a cache that it refuses.
sed 's|"-XX:AOTCache|-XX:AOTMode=on &|' "$root/usr/bin/portcullis" >"$root/tmp/strict"
for verb in version check run node; do
  say "cache of $verb"
  in_root sh /tmp/strict $verb --no-such-option 2>&1 || true
done
say manual
in_root MANWIDTH=80 man --warnings -P cat -l /usr/share/man/man1/portcullis-policy-grant.1.gz 2>&1 || true

say completion
in_root kubectl_complete-seccomp profile co
# shellcheck disable=SC2016 # expanded inside
in_root bash -c 'for script in /usr/share/bash-completion/completions/portcullis; do . "$script" && complete -p portcullis; done'
ls "$root/usr/share/zsh/vendor-completions/_portcullis" "$root/usr/share/fish/vendor_completions.d/portcullis.fish" | sed "s|$root||"

say serve
(exec chroot "$root" env -i PATH=/usr/bin /usr/bin/portcullis node --run-dir=/run/portcullis --health-listen=127.0.0.1:0 \
  --runtime-endpoint=unix:///run/nobody.sock >"$root/run/log" 2>&1) &
served=$!
for _ in $(seq 100); do
  grep -q 'serving CRI' "$root/run/log" && break
  sleep 0.1
done
kill $served
wait $served || say "ended with $?"
cat "$root/run/log"

say verify
in_root systemd-analyze verify /usr/lib/systemd/system/portcullis-node.service 2>&1 || say "verify: $?"
in_root systemd-analyze security --offline=yes --no-pager portcullis-node.service 2>&1 | tail -n 1 || true

say "verify for proofs"
in_root install -D -m 644 /usr/share/portcullis/portcullis-node-prove.conf /etc/systemd/system/portcullis-node.service.d/prove.conf
in_root systemd-analyze verify /usr/lib/systemd/system/portcullis-node.service 2>&1 || say "verify: $?"
in_root systemd-analyze security --offline=yes --no-pager portcullis-node.service 2>&1 | tail -n 1 || true
rm -r "$root/etc/systemd/system/portcullis-node.service.d"

say "upgrade, not enabled"
echo '# mine' >>"$root/etc/default/portcullis-node"
in_root dpkg -i /tmp/second.deb
asked
in_root dpkg-query -W -f '${Version} ${Status}\n' portcullis
say "upgrade, enabled"
touch "$root/run/answers/is-enabled"
in_root dpkg -i /tmp/first.deb
in_root dpkg -i /tmp/second.deb
asked
tail -n 1 "$root/etc/default/portcullis-node"

say remove
touch "$root/run/answers/is-active"
in_root dpkg -r portcullis 2>&1
asked
find "$root/usr/bin/portcullis" "$root/usr/lib/portcullis" "$root/usr/share/portcullis" "$root/etc/default/portcullis-node" 2>/dev/null | sed "s|$root||"
say purge
in_root dpkg -P portcullis
find "$directory/memory/upper" "$root/run" -path '*portcullis*' ! -path '*/dpkg/*' ! -path '*/upper/tmp/*' | sed 's|.*/upper||'
cat "$root/var/lib/kubelet/seccomp/mine.json"
say end
