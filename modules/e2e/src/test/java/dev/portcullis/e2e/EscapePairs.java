package dev.portcullis.e2e;

import static dev.portcullis.e2e.WrittenProfile.action;
import static dev.portcullis.e2e.WrittenProfile.errno;
import static dev.portcullis.e2e.WrittenProfile.where;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Profiles and what they claim to be no weaker than, the same for the same seed: most of them
/// tighten, and every third one tries to get more.
final class EscapePairs {
  /// Two profiles.
  ///
  /// @param shape what was done to the base, for people
  /// @param base the number of the base
  record Pair(String shape, int base, String profile) {}

  /// Calls that a shell can do without.
  private static final List<String> USUAL =
      List.of(
          "mkdir",
          "mkdirat",
          "rmdir",
          "symlink",
          "symlinkat",
          "link",
          "linkat",
          "rename",
          "renameat",
          "renameat2",
          "mknod",
          "mknodat",
          "chmod",
          "fchmod",
          "fchmodat",
          "chown",
          "lchown",
          "fchownat",
          "ptrace",
          "bpf",
          "swapon",
          "sethostname",
          "setdomainname",
          "ioprio_set",
          "setpriority",
          "sched_setaffinity",
          "kill",
          "truncate",
          "utimensat",
          "setxattr",
          "memfd_create",
          "io_uring_setup",
          "add_key",
          "syslog",
          "perf_event_open",
          "userfaultfd",
          "process_vm_readv",
          "clone3",
          "finit_module",
          "open_by_handle_at");

  /// Calls by which rights are given up.
  private static final List<String> RIGHTS =
      List.of(
          "capset",
          "capget",
          "setuid",
          "setgid",
          "setgroups",
          "setresuid",
          "setresgid",
          "prctl",
          "seccomp",
          "unshare",
          "chroot",
          "mount",
          "umask",
          "prlimit64",
          "personality",
          "close",
          "getuid",
          "setsid",
          "keyctl");

  private static final List<String> IDENTITY =
      List.of("capset", "setuid", "setgid", "setgroups", "setresuid", "setresgid");
  private static final List<Integer> ERRNOS = List.of(1, 13, 22, 38);

  private final RandomGenerator random;
  private final List<WrittenProfile> bases = new ArrayList<>();
  private final Map<String, Pair> pairs = new LinkedHashMap<>();

  /// @param deny the socket of a listener that denies what it is asked about
  /// @param allow that of one that lets it through
  private EscapePairs(long seed, int count, String deny, String allow) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 6; i++) {
      bases.add(denying());
    }
    for (int i = 0; i < 3; i++) {
      bases.add(allowing());
    }
    WrittenProfile asking = denying();
    asking.rules.keySet().removeIf(name -> name.startsWith("mkdir"));
    asking.rules.put("mkdir", action("NOTIFY"));
    asking.more = listener(deny);
    bases.add(asking);
    while (pairs.size() < count) {
      int base = random.nextInt(bases.size());
      WrittenProfile profile = bases.get(base).copy();
      List<String> shape = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        shape.add(tighten(profile));
      }
      if (random.nextInt(3) == 0) {
        // Of the base that asks a listener, the attack that no other base is open to.
        boolean asks = bases.get(base) == asking;
        shape.add(
            asks && random.nextBoolean()
                ? anotherListener(profile, allow)
                : attack(profile, allow));
      }
      String json = profile.json();
      pairs.putIfAbsent(base + json, new Pair(String.join(", ", shape), base, json));
    }
  }

  static EscapePairs of(long seed, int count, String deny, String allow) {
    return new EscapePairs(seed, count, deny, allow);
  }

  /// JSON, by the numbers in the pairs.
  List<String> bases() {
    return bases.stream().map(WrittenProfile::json).toList();
  }

  List<Pair> pairs() {
    return List.copyOf(pairs.values());
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String listener(String path) {
    return "\"listenerPath\":\"" + path + "\",";
  }

  private WrittenProfile denying() {
    WrittenProfile base = new WrittenProfile("ALLOW");
    base.rules.put("mkdir", errno(1));
    base.rules.put("mkdirat", errno(1));
    for (int i = 3 + random.nextInt(6); i > 0; i--) {
      base.rules.put(one(USUAL), errno(one(ERRNOS)));
    }
    if (random.nextInt(3) == 0) {
      base.rules.put(one(List.of("mount", "unshare", "keyctl")), errno(1));
    }
    return base;
  }

  private WrittenProfile allowing() {
    WrittenProfile base = new WrittenProfile("ERRNO");
    for (String name : SyscallTable.ofThisMachine().of(Architecture.X86_64).values()) {
      base.rules.put(name, action("ALLOW"));
    }
    base.rules.keySet().removeAll(List.of("mkdir", "mkdirat", "mount", "ptrace", "bpf"));
    for (int i = 0; i < 8; i++) {
      base.rules.remove(one(USUAL));
    }
    return base;
  }

  private String tighten(WrittenProfile profile) {
    String name = one(USUAL);
    String now = profile.rules.getOrDefault(name, "");
    if (now.contains("NOTIFY")) {
      return "nothing";
    }
    boolean allowed =
        now.isEmpty() ? profile.defaultAction.equals("ALLOW") : now.equals(action("ALLOW"));
    return switch (random.nextInt(7)) {
      case 0 -> put(profile, name, allowed ? action("LOG") : errno(one(ERRNOS)));
      case 1 -> put(profile, name, action("KILL_PROCESS"));
      case 2 -> put(profile, name, action("TRAP"));
      case 3 ->
          allowed
              ? put(profile, name, where(errno(1), 1, "GT", random.nextInt(1000)))
              : put(profile, name, errno(13));
      case 4 -> {
        profile.architectures = List.of("SCMP_ARCH_X86_64");
        yield "one architecture";
      }
      case 5 -> put(profile, one(List.of("keyctl", "setns", "mount")), action("KILL_PROCESS"));
      default -> put(profile, name, errno(one(ERRNOS)));
    };
  }

  private static String put(WrittenProfile profile, String name, String rule) {
    profile.rules.put(name, rule);
    return name + " " + rule.replace("\"", "");
  }

  private static String anotherListener(WrittenProfile profile, String allow) {
    profile.more = listener(allow);
    profile.rules.put("mkdir", action("NOTIFY"));
    return "another listener";
  }

  private String attack(WrittenProfile profile, String allow) {
    return switch (random.nextInt(15)) {
      case 0, 1 -> {
        IDENTITY.forEach(name -> put(profile, name, errno(0)));
        put(profile, "prctl", where(errno(0), 0, "EQ", 24));
        yield "drops nothing";
      }
      case 2 -> put(profile, "prctl", where(errno(22), 0, "EQ", 24)) + ", an old kernel";
      case 3 -> put(profile, one(RIGHTS), errno(one(ERRNOS))) + ", a right is kept";
      case 4 -> put(profile, "umask", errno(one(ERRNOS))) + ", a right is kept";
      case 5 -> put(profile, "prlimit64", errno(one(ERRNOS))) + ", a right is kept";
      case 6 -> put(profile, one(RIGHTS), action(one(List.of("TRAP", "KILL_THREAD"))));
      case 7 -> put(profile, one(USUAL), errno(0)) + ", a success is faked";
      case 8 -> put(profile, "setuid", errno(0)) + ", a success is faked";
      case 9 -> put(profile, one(RIGHTS), action("TRACE")) + ", a tracer decides";
      case 10 -> anotherListener(profile, allow);
      case 11 -> {
        profile.more += "\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],";
        yield "flags";
      }
      case 12 -> put(profile, one(USUAL), errno(1) + ",\"errno\":\"EINVAL\"") + ", unknown field";
      case 13 -> put(profile, "mkdir", where(errno(1), 1, "EQ", 1)) + ", a hole";
      default -> {
        profile.rules.remove("mkdir");
        profile.defaultAction = "ALLOW";
        yield "mkdir is allowed";
      }
    };
  }
}
