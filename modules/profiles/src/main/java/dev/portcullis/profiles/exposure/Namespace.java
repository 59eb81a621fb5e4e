package dev.portcullis.profiles.exposure;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A kind of namespace, by the flag of clone(2) and unshare(2) that makes one.
public enum Namespace {
  TIME("time", 0x00000080),
  MOUNT("mount", 0x00020000),
  CGROUP("cgroup", 0x02000000),
  UTS("uts", 0x04000000),
  IPC("ipc", 0x08000000),
  USER("user", 0x10000000),
  PID("pid", 0x20000000),
  NETWORK("network", 0x40000000);

  private final String text;
  private final int flag;

  Namespace(String text, int flag) {
    this.text = text;
    this.flag = flag;
  }

  /// As it stands in the catalogue.
  public String text() {
    return text;
  }

  /// The value of its flag (linux/sched.h).
  long flag() {
    return flag;
  }

  /// All words for one.
  static List<String> texts() {
    return Arrays.stream(values()).map(Namespace::text).toList();
  }

  static Optional<Namespace> named(String text) {
    return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
  }
}
