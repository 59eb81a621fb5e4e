package dev.portcullis.seccomp.convert;

import java.util.Locale;

/// A form in which system calls are restricted.
public enum Format {
  /// The OCI runtime specification's JSON.
  OCI,
  /// Docker's, with `includes`, `excludes` and `archMap`.
  DOCKER,
  /// A drop-in of a systemd unit (systemd.exec(5), version 248 and later).
  SYSTEMD,
  /// A policy of LXC, version 2 (lxc.container.conf(5)).
  LXC,
  /// An isolator of the App Container specification 0.8.
  APPC;

  /// As on the command line.
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
