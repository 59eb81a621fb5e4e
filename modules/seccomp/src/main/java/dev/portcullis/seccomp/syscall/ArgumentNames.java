package dev.portcullis.seccomp.syscall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What arguments of the calls that profiles usually restrict are called, by section 2 of the
/// manual.
public final class ArgumentNames {
  private static final Map<String, List<String>> NAMES =
      Map.ofEntries(
          Map.entry("clone", List.of("flags")),
          Map.entry("unshare", List.of("flags")),
          Map.entry("setns", List.of("fd", "nstype")),
          Map.entry("socket", List.of("domain", "type", "protocol")),
          Map.entry("socketpair", List.of("domain", "type", "protocol")),
          Map.entry("socketcall", List.of("call")),
          Map.entry("personality", List.of("persona")),
          Map.entry("ioctl", List.of("fd", "request")),
          Map.entry("fcntl", List.of("fd", "cmd")),
          Map.entry("prctl", List.of("option")),
          Map.entry("arch_prctl", List.of("op")),
          Map.entry("ptrace", List.of("request", "pid")),
          Map.entry("keyctl", List.of("operation")),
          Map.entry("bpf", List.of("cmd")),
          Map.entry("kill", List.of("pid", "sig")),
          Map.entry("tkill", List.of("tid", "sig")),
          Map.entry("tgkill", List.of("tgid", "tid", "sig")),
          Map.entry("mmap", List.of("addr", "length", "prot", "flags", "fd", "offset")),
          Map.entry("mprotect", List.of("addr", "size", "prot")),
          Map.entry("open", List.of("pathname", "flags", "mode")),
          Map.entry("openat", List.of("dirfd", "pathname", "flags", "mode")),
          Map.entry("mknod", List.of("pathname", "mode", "dev")),
          Map.entry("mknodat", List.of("dirfd", "pathname", "mode", "dev")),
          Map.entry("chmod", List.of("pathname", "mode")),
          Map.entry("fchmod", List.of("fd", "mode")),
          Map.entry("fchmodat", List.of("dirfd", "pathname", "mode")),
          Map.entry("sched_setscheduler", List.of("pid", "policy")),
          Map.entry("setsockopt", List.of("sockfd", "level", "optname")));

  // linux/sched.h
  private static final Map<Integer, String> CLONE =
      Map.of(
          0x00000080, "CLONE_NEWTIME",
          0x00020000, "CLONE_NEWNS",
          0x02000000, "CLONE_NEWCGROUP",
          0x04000000, "CLONE_NEWUTS",
          0x08000000, "CLONE_NEWIPC",
          0x10000000, "CLONE_NEWUSER",
          0x20000000, "CLONE_NEWPID",
          0x40000000, "CLONE_NEWNET");

  private static final Map<String, Long> CONSTANTS = constants();

  private static Map<String, Long> constants() {
    // linux/socket.h, linux/net.h, linux/netlink.h, netinet/tcp.h
    Map<String, Long> constants =
        new HashMap<>(
            Map.ofEntries(
                Map.entry("AF_UNIX", 1L),
                Map.entry("AF_INET", 2L),
                Map.entry("AF_INET6", 10L),
                Map.entry("AF_KEY", 15L),
                Map.entry("AF_NETLINK", 16L),
                Map.entry("AF_PACKET", 17L),
                Map.entry("AF_RDS", 21L),
                Map.entry("AF_BLUETOOTH", 31L),
                Map.entry("AF_RXRPC", 33L),
                Map.entry("AF_ALG", 38L),
                Map.entry("AF_VSOCK", 40L),
                Map.entry("SOCK_RAW", 3L),
                Map.entry("SOCK_PACKET", 10L),
                Map.entry("NETLINK_XFRM", 6L),
                Map.entry("NETLINK_NETFILTER", 12L),
                Map.entry("SOL_TCP", 6L),
                Map.entry("TCP_ULP", 31L)));
    CLONE.forEach((value, name) -> constants.put(name, Integer.toUnsignedLong(value)));
    return constants;
  }

  private ArgumentNames() {}

  /// The value of a constant of the kernel's headers, as `CLONE_NEWUSER`; null where it is not
  /// known here.
  public static @Nullable Long constant(String name) {
    return CONSTANTS.get(name);
  }

  /// What all the calls call an argument, or `arg0` and so on.
  public static String name(List<String> calls, int argument) {
    List<String> names =
        calls.stream()
            .map(call -> NAMES.getOrDefault(call, List.of()))
            .map(of -> argument < of.size() ? of.get(argument) : "")
            .distinct()
            .toList();
    return names.size() == 1 && !names.getFirst().isEmpty() ? names.getFirst() : "arg" + argument;
  }

  /// The names of the bits of a mask; empty where one has none.
  public static String flags(List<String> calls, String argument, long mask) {
    boolean namespaces = argument.equals("flags") && List.of("clone", "unshare").containsAll(calls);
    if (!namespaces || mask >>> 32 != 0) {
      return "";
    }
    List<String> names = new ArrayList<>();
    for (int bit = 0; bit < 32; bit++) {
      if ((mask >>> bit & 1) == 1) {
        String name = CLONE.get(1 << bit);
        if (name == null) {
          return "";
        }
        names.add(name);
      }
    }
    return String.join(", ", names);
  }
}
