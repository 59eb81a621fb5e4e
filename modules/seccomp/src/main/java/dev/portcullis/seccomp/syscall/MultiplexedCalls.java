package dev.portcullis.seccomp.syscall;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Calls that stand for many: the first argument says for which, and the arguments of that one lie
/// behind a pointer, which no filter can read.
public final class MultiplexedCalls {
  private static final String SOCKETCALL = "socketcall";
  private static final String IPC = "ipc";

  /// linux/net.h and linux/ipc.h.
  private static final Map<String, SortedMap<String, Integer>> BEHIND =
      Map.of(
          SOCKETCALL,
          numbered(
              Map.ofEntries(
                  Map.entry("socket", 1),
                  Map.entry("bind", 2),
                  Map.entry("connect", 3),
                  Map.entry("listen", 4),
                  Map.entry("accept", 5),
                  Map.entry("getsockname", 6),
                  Map.entry("getpeername", 7),
                  Map.entry("socketpair", 8),
                  Map.entry("sendto", 11),
                  Map.entry("recvfrom", 12),
                  Map.entry("shutdown", 13),
                  Map.entry("setsockopt", 14),
                  Map.entry("getsockopt", 15),
                  Map.entry("sendmsg", 16),
                  Map.entry("recvmsg", 17),
                  Map.entry("accept4", 18),
                  Map.entry("recvmmsg", 19),
                  Map.entry("sendmmsg", 20))),
          IPC,
          numbered(
              Map.ofEntries(
                  Map.entry("semop", 1),
                  Map.entry("semget", 2),
                  Map.entry("semctl", 3),
                  Map.entry("semtimedop", 4),
                  Map.entry("msgsnd", 11),
                  Map.entry("msgrcv", 12),
                  Map.entry("msgget", 13),
                  Map.entry("msgctl", 14),
                  Map.entry("shmat", 21),
                  Map.entry("shmdt", 22),
                  Map.entry("shmget", 23),
                  Map.entry("shmctl", 24))));

  /// The kernel takes the upper half of the first argument of `ipc` for a version.
  private static final long IPC_CALL = 0xffff;

  private static final long SOCKETCALL_CALL = 0xffffffffL;

  private MultiplexedCalls() {}

  private static SortedMap<String, Integer> numbered(Map<String, Integer> numbers) {
    return new TreeMap<>(numbers);
  }

  /// A way to make a call by another one.
  ///
  /// @param call the one that the filter sees
  /// @param taken the bits of its first argument that say which call is meant
  /// @param number what they say
  public record Entry(String call, long taken, int number) {}

  /// What stands behind a call, by name; nothing where it is no such call.
  public static SortedMap<String, Integer> behind(String call) {
    SortedMap<String, Integer> behind = BEHIND.get(call);
    return behind == null ? new TreeMap<>() : new TreeMap<>(behind);
  }

  /// The calls that stand for a call, too.
  public static List<Entry> of(String call) {
    return BEHIND.entrySet().stream()
        .filter(each -> each.getValue().containsKey(call))
        .map(each ->
            new Entry(
                each.getKey(),
                each.getKey().equals(IPC) ? IPC_CALL : SOCKETCALL_CALL,
                each.getValue().getOrDefault(call, 0)))
        .toList();
  }
}
