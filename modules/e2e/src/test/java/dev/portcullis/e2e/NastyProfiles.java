package dev.portcullis.e2e;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Profiles that runtimes and libseccomp treat in ways that one does not expect, each such that
/// `sleep` can run under it. Quotes are written as `'`.
final class NastyProfiles {
  private static final String X86 =
      "'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],";

  private NastyProfiles() {}

  static SequencedMap<String, String> all() {
    SequencedMap<String, String> all = new LinkedHashMap<>();
    all.put(
        "repeated argument index",
        allowing(X86, denied("ioprio_set", "", arg(0, "EQ", "1"), arg(0, "EQ", "9"))));
    all.put(
        "repeated argument index among others",
        allowing(
            X86, denied("keyctl", "", arg(0, "EQ", "1"), arg(1, "GT", "2"), arg(0, "GE", "77"))));
    // The whole of audit.json in the tutorial of Kubernetes: let everything through, and log it.
    all.put("Kubernetes' audit profile", "{\"defaultAction\": \"SCMP_ACT_LOG\"}");
    all.put("32 entries", allowing(X86, denied(rare(32), "")));
    all.put("33 entries, a binary tree", allowing(X86, denied(rare(33), "")));
    all.put(
        "a binary tree with conditions",
        allowing(
            X86,
            denied(rare(60), ", 'errnoRet': 13")
                + ","
                + denied("personality", "", arg(0, "NE", "0"))
                + ","
                + denied("socket", ", 'errnoRet': 97", arg(0, "EQ", "38"))));
    all.put("no architecture", allowing("", denied("mount", "")));
    all.put(
        "x86_64 alone", allowing("'architectures': ['SCMP_ARCH_X86_64'],", denied("mount", "")));
    all.put(
        "x32 alone beside the native one",
        allowing("'architectures': ['SCMP_ARCH_X32'],", denied("mount", "")));
    all.put(
        "foreign architectures",
        allowing(
            "'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],",
            denied("mount", "") + "," + denied("socket", "", arg(0, "EQ", "40"))));
    all.put(
        "errno values",
        allowing(
            X86,
            denied("mount", ", 'errnoRet': 0")
                + ","
                + denied("umount2", ", 'errnoRet': 38")
                + ","
                + denied("swapon", ", 'errnoRet': 4094")));
    all.put(
        "64-bit operands",
        allowing(
            X86,
            denied("ioprio_set", "", arg(1, "EQ", "18446744069414584321"))
                + ","
                + denied("ioprio_get", "", arg(0, "GT", "9223372036854775808"))
                + ","
                + denied("keyctl", "", arg(2, "LE", "4294967296"))));
    all.put(
        "masked equality",
        allowing(
            X86,
            denied("clone3", ", 'errnoRet': 38")
                + ","
                + denied("ioprio_get", "", masked(0, "2114060288", "268435456"))
                + ","
                + denied("ioprio_set", "", masked(1, "18446744069414584320", "4294967296"))
                + ","
                + denied("keyctl", "", masked(0, "15", "255"))));
    all.put(
        "every operator",
        allowing(
            X86,
            Stream.of("NE", "LT", "LE", "EQ", "GE", "GT")
                .map(operator -> denied("quotactl", "", arg(operator.length(), operator, "7")))
                .collect(Collectors.joining(","))));
    all.put(
        "several conditions",
        allowing(
            X86,
            denied("quotactl", "", arg(0, "GE", "5"), arg(1, "LT", "9"), arg(3, "NE", "0"))
                + ","
                + denied("quotactl", "", arg(2, "EQ", "5"))));
    all.put(
        "the same call twice",
        allowing(
            X86,
            denied("quotactl", ", 'errnoRet': 5", arg(0, "EQ", "5"))
                + ","
                + denied("quotactl", ", 'errnoRet': 6")
                + ","
                + rule("SCMP_ACT_LOG", "acct", "")
                + ","
                + denied("acct", "")));
    all.put(
        "unknown names",
        allowing(X86, denied("no_such_call", "") + "," + denied("mount', 'mount3000", "")));
    all.put(
        "names of other machines",
        allowing(X86, denied("s390_pci_mmio_read', 'arm_fadvise64_64', 'breakpoint", "")));
    all.put(
        "rules that are the default",
        allowing(
            X86,
            rule("SCMP_ACT_ALLOW", "mount", "")
                + ","
                + denied("umount2", "")
                + ","
                + rule("SCMP_ACT_ALLOW", "swapon", "", arg(0, "EQ", "0"))));
    all.put(
        "flags",
        allowing(
            X86 + "'flags': ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'],",
            denied("mount", "")));
    all.put(
        "every action",
        allowing(
            X86,
            rule("SCMP_ACT_KILL", "mount", "")
                + ","
                + rule("SCMP_ACT_KILL_THREAD", "umount2", "")
                + ","
                + rule("SCMP_ACT_KILL_PROCESS", "swapon", "")
                + ","
                + rule("SCMP_ACT_TRAP", "swapoff", "")
                + ","
                + rule("SCMP_ACT_TRACE", "acct", ", 'errnoRet': 77")
                + ","
                + rule("SCMP_ACT_LOG", "reboot", "")));
    all.put(
        "calls that x86 multiplexes",
        allowing(
            X86,
            denied("socket", "", arg(0, "EQ", "40"))
                + ","
                + denied("shmget', 'semop', 'msgget", "")
                + ","
                + denied("accept4", "", arg(3, "EQ", "1"))));
    all.put("denied but for a list", listing("SCMP_ACT_ERRNO", ""));
    all.put(
        "denied with an errno but for a list", listing("SCMP_ACT_ERRNO", "'defaultErrnoRet': 38,"));
    all.put("killed but for a list", listing("SCMP_ACT_KILL_PROCESS", ""));
    all.put("killed by thread but for a list", listing("SCMP_ACT_KILL", ""));
    all.put("trapped but for a list", listing("SCMP_ACT_TRAP", ""));
    all.put(
        "logged but for rules",
        profile("SCMP_ACT_LOG", X86, rule("SCMP_ACT_ALLOW", known(0), "") + "," + MOUNT));
    return all;
  }

  private static final String MOUNT = denied("swapon", "");

  /// What allows all calls but these.
  private static String allowing(String head, String rules) {
    return profile("SCMP_ACT_ALLOW", head, rules);
  }

  /// What allows the calls of this machine, but the last.
  private static String listing(String defaultAction, String head) {
    return profile(
        defaultAction,
        head + X86,
        rule("SCMP_ACT_ALLOW", known(20), "")
            + ","
            + rule("SCMP_ACT_ERRNO", "mount", ", 'errnoRet': 1")
            + ","
            + rule("SCMP_ACT_ALLOW", "quotactl", "", arg(0, "EQ", "1")));
  }

  private static String known(int without) {
    List<String> names =
        SyscallTable.ofThisMachine().of(Architecture.X86_64).values().stream()
            .filter(name -> !List.of("mount", "quotactl", "swapon").contains(name))
            .toList();
    return String.join("', '", names.subList(0, names.size() - without));
  }

  /// Calls that nothing needs here.
  private static String rare(int count) {
    return Stream.of(
            "acct add_key bpf chroot clock_adjtime clock_settime create_module delete_module"
                + " fanotify_init finit_module fsconfig fsmount fsopen fspick get_mempolicy"
                + " init_module ioperm iopl ioprio_get ioprio_set kcmp kexec_file_load kexec_load"
                + " keyctl lookup_dcookie mbind migrate_pages modify_ldt mount move_mount"
                + " move_pages name_to_handle_at nfsservctl open_by_handle_at open_tree"
                + " perf_event_open pivot_root process_vm_readv process_vm_writev ptrace"
                + " query_module quotactl reboot request_key set_mempolicy setdomainname"
                + " sethostname setns settimeofday swapoff swapon sysfs syslog umount2 unshare"
                + " uselib userfaultfd ustat vhangup vmsplice")
        .flatMap(line -> Stream.of(line.split(" ")))
        .limit(count)
        .collect(Collectors.joining("', '"));
  }

  private static String profile(String defaultAction, String head, String rules) {
    return ("{'defaultAction': '" + defaultAction + "'," + head + "'syscalls': [" + rules + "]}")
        .replace('\'', '"');
  }

  private static String denied(String names, String more, String... args) {
    return rule("SCMP_ACT_ERRNO", names, more, args);
  }

  private static String rule(String action, String names, String more, String... args) {
    return "{'names': ['"
        + names
        + "'], 'action': '"
        + action
        + "'"
        + more
        + ", 'args': ["
        + String.join(",", args)
        + "]}";
  }

  private static String arg(int index, String operator, String value) {
    return "{'index': " + index + ", 'value': " + value + ", 'op': 'SCMP_CMP_" + operator + "'}";
  }

  private static String masked(int index, String mask, String bits) {
    return "{'index': "
        + index
        + ", 'value': "
        + mask
        + ", 'valueTwo': "
        + bits
        + ", 'op': 'SCMP_CMP_MASKED_EQ'}";
  }
}
