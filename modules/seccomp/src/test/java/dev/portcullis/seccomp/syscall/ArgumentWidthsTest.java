package dev.portcullis.seccomp.syscall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.profile.Architecture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ArgumentWidthsTest {
  /// Numbers that were never calls of Linux 3.5, the oldest with filters, or never on 64 bits.
  private static final Set<String> NO_CALLS =
      Set.of(
          "afs_syscall",
          "create_module",
          "epoll_ctl_old",
          "epoll_wait_old",
          "get_kernel_syms",
          "getpmsg",
          "nfsservctl",
          "putpmsg",
          "query_module",
          "security",
          "tuxcall",
          "vserver");

  /// Where the kernel's function and libseccomp have different names for a call.
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "newstat", "stat",
          "newlstat", "lstat",
          "newfstat", "fstat",
          "newuname", "uname",
          "sendfile64", "sendfile",
          "umount", "umount2");

  private static final Set<String> NARROW =
      Set.of(
          "int",
          "unsigned int",
          "unsigned",
          "u32",
          "__u32",
          "__s32",
          "pid_t",
          "uid_t",
          "gid_t",
          "clockid_t",
          "timer_t",
          "mqd_t",
          "key_t",
          "rwf_t",
          "qid_t",
          "key_serial_t",
          "enum landlock_rule_type");

  private static final Set<String> WIDE =
      Set.of(
          "unsigned long",
          "long",
          "size_t",
          "loff_t",
          "off_t",
          "aio_context_t",
          "__u64",
          "cap_user_header_t",
          "cap_user_data_t");

  /// Marked in the table: less is used than the type has.
  private static final Map<String, Set<Integer>> NARROWER =
      Map.of(
          "clone", Set.of(0),
          "mmap", Set.of(2, 3, 4),
          "ptrace", Set.of(1),
          "readv", Set.of(0),
          "writev", Set.of(0),
          "preadv", Set.of(0),
          "pwritev", Set.of(0),
          "preadv2", Set.of(0),
          "pwritev2", Set.of(0));

  private static final Pattern FIELD = Pattern.compile("field:(.+?)\\s*\\w+;\\s*offset:(\\d+);");

  @Test
  void someCalls() {
    assertThat(ArgumentWidths.bits("socket", 0)).isEqualTo(32);
    assertThat(ArgumentWidths.bits("chmod", 1)).isEqualTo(16);
    assertThat(ArgumentWidths.bits("ioctl", 2)).isEqualTo(64);
    assertThat(ArgumentWidths.bits("socket", 5)).isEqualTo(64);
    assertThat(ArgumentWidths.bits("no_such_call", 0)).isEqualTo(64);
    assertThat(ArgumentWidths.taken("socket", 0)).isEqualTo(0xffffffffL);
    assertThat(ArgumentWidths.taken("chmod", 1)).isEqualTo(0xffffL);
    assertThat(ArgumentWidths.taken("brk", 0)).isEqualTo(-1);
  }

  @Test
  void theTableHasEveryCallThatThisLibseccompKnows() {
    SyscallTable table = SyscallTable.ofThisMachine();
    Set<String> names = new TreeSet<>(table.of(Architecture.X86_64).values());
    names.addAll(table.of(Architecture.AARCH64).values());
    assumeTrue(!names.isEmpty(), "no libseccomp");
    names.removeIf(ArgumentWidths.calls()::contains);
    assertThat(NO_CALLS).containsAll(names);
  }

  /// The running kernel's description of its calls. tracefs is mounted in a namespace of a process
  /// that ends; that needs root.
  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void theTableIsWhatTheRunningKernelSays() throws Exception {
    Map<String, List<String>> types = types();
    assumeTrue(
        types.size() > 200,
        "the widths of arguments were NOT compared with this kernel: it shows no"
            + " events/syscalls in tracefs, or this is not root");
    Map<String, String> wrong = new TreeMap<>();
    types.forEach((function, arguments) -> {
      String name = OTHER_NAMES.getOrDefault(function, function);
      for (int i = 0; i < arguments.size(); i++) {
        boolean narrower = NARROWER.getOrDefault(name, Set.of()).contains(i);
        int expected = narrower ? 32 : width(arguments.get(i));
        if (ArgumentWidths.calls().contains(name) && ArgumentWidths.bits(name, i) != expected) {
          wrong.put(name + " " + i, arguments.get(i));
        }
      }
    });
    assertThat(wrong).isEmpty();
  }

  private static int width(String type) {
    String plain = type.replace("const", "").strip();
    if (plain.contains("*") || WIDE.contains(plain)) {
      return 64;
    }
    if (plain.equals("umode_t")) {
      return 16;
    }
    assertThat(NARROW).as("a type that the test does not know").contains(plain);
    return 32;
  }

  private static Map<String, List<String>> types() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tracefs none /sys/kernel/tracing"
                    + " && cat /sys/kernel/tracing/events/syscalls/sys_enter_*/format")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    Map<String, List<String>> types = new HashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : said.lines().toList()) {
      if (line.startsWith("name: sys_enter_")) {
        current = new ArrayList<>();
        types.put(line.substring("name: sys_enter_".length()), current);
      }
      Matcher field = FIELD.matcher(line);
      // Before offset 16 stands what all events have, and the number.
      if (field.find() && Integer.parseInt(field.group(2)) >= 16) {
        current.add(field.group(1).strip());
      }
    }
    return types;
  }
}
