package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.convert.Conversion;
import dev.portcullis.seccomp.convert.Format;
import dev.portcullis.seccomp.convert.Loss;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Profiles converted for systemd, held against what a real systemd gives to the kernel: the
/// filters of a service are read back from it, and asked the same calls as the filter of the
/// profile.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class SystemdTest {
  private static final Target TARGET =
      new Target(
          Architecture.X86_64,
          new KernelVersion(6, 1),
          Set.of("CAP_CHOWN", "CAP_NET_RAW", "CAP_SETUID", "CAP_SYS_CHROOT"));

  private static final String NEEDED =
      "'arch_prctl','brk','clock_nanosleep','close','execve','exit','exit_group','fstat','getuid',"
          + "'mmap','mprotect','nanosleep','prctl','read','rt_sigreturn','write'";

  private static final String ARCHITECTURES =
      "'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32'],";

  /// By the names of their services.
  private static final Map<String, String> PROFILES =
      Map.of(
          "tight",
          """
          {'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':13,
           'architectures':['SCMP_ARCH_X86_64'],'syscalls':[
            {'names':[NEEDED,'no_such_call','@known'],'action':'SCMP_ACT_ALLOW'},
            {'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38},
            {'names':['mkdir'],'action':'SCMP_ACT_ERRNO','errnoRet':0},
            {'names':['ptrace'],'action':'SCMP_ACT_KILL_PROCESS'},
            {'names':['uname'],'action':'SCMP_ACT_LOG'},
            {'names':['bpf'],'action':'SCMP_ACT_TRACE'}]}
          """,
          "killing",
          """
          {'defaultAction':'SCMP_ACT_KILL_PROCESS','syscalls':[
            {'names':[NEEDED,'set_tid_address','set_robust_list','prlimit64',
              'getrandom','readlink','readlinkat','ioctl','rseq','uname'],
             'action':'SCMP_ACT_ALLOW'},
            {'names':['mkdir'],'action':'SCMP_ACT_ERRNO'},
            {'names':['rmdir'],'action':'SCMP_ACT_TRAP'}]}
          """,
          "denying",
          "{'defaultAction':'SCMP_ACT_ALLOW',"
              + ARCHITECTURES
              + """
              'syscalls':[
                {'names':['ptrace','no_such_call','~read'],'action':'SCMP_ACT_KILL_PROCESS'},
                {'names':['keyctl'],'action':'SCMP_ACT_ERRNO','errnoRet':38},
                {'names':['bpf'],'action':'SCMP_ACT_LOG'},
                {'names':['reboot'],'action':'SCMP_ACT_NOTIFY'}]}
              """,
          "logging",
          "{'defaultAction':'SCMP_ACT_LOG',"
              + ARCHITECTURES
              + """
              'syscalls':[
                {'names':['read','write'],'action':'SCMP_ACT_ALLOW'},
                {'names':['mkdir'],'action':'SCMP_ACT_ERRNO'}]}
              """,
          "families",
          "{'defaultAction':'SCMP_ACT_ALLOW','architectures':['SCMP_ARCH_X32'],"
              + """
              'syscalls':[
                {'names':['socket'],'action':'SCMP_ACT_ERRNO','errnoRet':97,'args':[
                  {'index':0,'op':'SCMP_CMP_EQ','value':40}]},
                {'names':['socket'],'action':'SCMP_ACT_ERRNO','errnoRet':97,'args':[
                  {'index':0,'op':'SCMP_CMP_EQ','value':38}]}]}
              """,
          "masks",
          "{'defaultAction':'SCMP_ACT_ALLOW',"
              + ARCHITECTURES
              + """
              'syscalls':[
                {'names':['socket'],'action':'SCMP_ACT_ERRNO','args':[
                  {'index':0,'op':'SCMP_CMP_MASKED_EQ','value':4294967295,'valueTwo':40}]},
                {'names':['personality'],'action':'SCMP_ACT_ERRNO','args':[
                  {'index':0,'op':'SCMP_CMP_GT','value':8}]}]}
              """,
          "containers",
          """
          {'defaultAction':'SCMP_ACT_ERRNO',
           'archMap':[{'architecture':'SCMP_ARCH_X86_64',
             'subArchitectures':['SCMP_ARCH_X86','SCMP_ARCH_X32']}],
           'syscalls':[
            {'names':[NEEDED,'set_tid_address','set_robust_list','prlimit64',
              'getrandom','openat','newfstatat','fcntl','ioctl','rt_sigaction','rt_sigprocmask',
              'futex','bind','connect'],
             'action':'SCMP_ACT_ALLOW'},
            {'names':['socket'],'action':'SCMP_ACT_ALLOW','args':[
              {'index':0,'op':'SCMP_CMP_LT','value':38}]},
            {'names':['socket'],'action':'SCMP_ACT_ALLOW','args':[
              {'index':0,'op':'SCMP_CMP_EQ','value':39}]},
            {'names':['socket'],'action':'SCMP_ACT_ALLOW','args':[
              {'index':0,'op':'SCMP_CMP_GT','value':40}]},
            {'names':['clone'],'action':'SCMP_ACT_ALLOW','args':[
              {'index':0,'value':2114060288,'op':'SCMP_CMP_MASKED_EQ'}],
             'excludes':{'caps':['CAP_SYS_ADMIN']}},
            {'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38,
             'excludes':{'caps':['CAP_SYS_ADMIN']}},
            {'names':['mount','unshare'],'action':'SCMP_ACT_ALLOW',
             'includes':{'caps':['CAP_SYS_ADMIN']}},
            {'names':['personality'],'action':'SCMP_ACT_ALLOW','args':[
              {'index':0,'op':'SCMP_CMP_EQ','value':8}]}]}
          """);

  @TempDir private Path directory;

  private record Asked(ResolvedProfile plain, Conversion conversion, Filters expected) {}

  private static Asked asked(String name, byte[] json) {
    if (!(ProfileReader.read(json) instanceof ProfileParseResult.Read read)) {
      throw new AssertionError(name + ": " + ProfileReader.read(json));
    }
    ResolvedProfile plain = Resolver.resolve(read.profile(), TARGET);
    if (!(Compiler.inThisProcess().compile(plain, Dialect.CRUN)
        instanceof Compilation.Compiled made)) {
      throw new AssertionError(name + ": no filter");
    }
    return new Asked(
        plain, Conversion.of(read.profile(), TARGET, Format.SYSTEMD), Filters.of(made.program()));
  }

  @Test
  void systemdAllowsNoMoreThanTheProfile() throws Exception {
    Map<String, byte[]> profiles = new LinkedHashMap<>();
    PROFILES.forEach((name, text) ->
        profiles.put(name, text.replace("NEEDED", NEEDED).replace('\'', '"').getBytes(UTF_8)));
    requireNoMore(profiles);
  }

  @Test
  void norMoreThanTheDefaultProfilesOfDockerAndPodman() throws Exception {
    Map<String, byte[]> profiles = new LinkedHashMap<>();
    for (String name : List.of("docker", "podman")) {
      Path file = Path.of(".build/profiles", name + ".json");
      assumeTrue(Files.exists(file), "no " + file + "; make it with tools/default-profiles");
      profiles.put(name, Files.readAllBytes(file));
    }
    requireNoMore(profiles);
  }

  private void requireNoMore(Map<String, byte[]> profiles) throws Exception {
    Map<String, Asked> all = new LinkedHashMap<>();
    Map<String, String> dropIns = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> each : profiles.entrySet()) {
      Asked asked = asked(each.getKey(), each.getValue());
      all.put(each.getKey(), asked);
      dropIns.put(each.getKey(), asked.conversion().text());
    }
    List<String> wrong = new ArrayList<>();
    try (PrivateSystemd systemd = PrivateSystemd.start(directory, dropIns)) {
      for (Map.Entry<String, Asked> each : all.entrySet()) {
        try (LiveProcess process = systemd.sleeper(each.getKey())) {
          Filters real = LiveFilters.read(process).orElseThrow().filters();
          new Comparing(each.getKey(), each.getValue(), real, wrong).all();
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// What the two do with the same calls.
  private static final class Comparing {
    private static final int X86_64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int X32 = 0x40000000;

    private final String name;
    private final Asked asked;
    private final Filters real;
    private final List<String> wrong;
    private final SyscallTable table = SyscallTable.ofThisMachine();
    private int passed;

    Comparing(String name, Asked asked, Filters real, List<String> wrong) {
      this.name = name;
      this.asked = asked;
      this.real = real;
      this.wrong = wrong;
    }

    void all() {
      all(X86_64, 0, table.of(Architecture.X86_64));
      all(X86_64, X32, table.of(Architecture.X32));
      all(I386, 0, table.of(Architecture.X86));
      assertThat(passed).as(name + ": calls that both let through").isGreaterThan(10);
    }

    private void all(int architecture, int first, NavigableMap<Integer, String> names) {
      for (int number = first; number < first + 600; number++) {
        String call = names.getOrDefault(number, "");
        compare(call, Call.of(architecture, number));
        for (int index = 0; index < 6; index++) {
          for (long value : values(call, index)) {
            long[] arguments = new long[6];
            arguments[index] = value;
            compare(call, Call.of(architecture, number, arguments));
          }
        }
      }
    }

    /// Around everything that the profile compares an argument of a call with.
    private Set<Long> values(String call, int index) {
      Set<Long> values = new LinkedHashSet<>();
      for (ResolvedRule rule : asked.plain().rules()) {
        if (rule.names().stream().anyMatch(each -> each.name().equals(call))) {
          for (ArgumentCondition condition : rule.arguments()) {
            if (condition.index() == index) {
              for (long value : new long[] {condition.value(), condition.valueTwo()}) {
                values.addAll(
                    List.of(value - 1, value, value + 1, value | 1L << 32, value & -value, ~value));
              }
            }
          }
        }
      }
      if (call.equals("socket") && index == 0) {
        for (long family = 0; family < 64; family++) {
          values.add(family);
        }
      }
      return values;
    }

    private void compare(String call, Call made) {
      Verdict expected = asked.expected().run(made);
      Verdict got = real.run(made);
      boolean mayPass = passes(expected);
      if (passes(got) && !mayPass) {
        wrong.add(name + ": weaker: " + call + " " + made + ": " + expected + ", not " + got);
      } else if (mayPass && !passes(got)) {
        if (lost(Loss.Effect.STRICTER, call, made).isEmpty()) {
          wrong.add(name + ": stricter, unsaid: " + call + " " + made + ": " + got);
        }
      } else if (!got.equals(expected) && !call.isEmpty() && made.architecture() == X86_64) {
        if (asked.conversion().losses().stream().noneMatch(loss -> isAbout(loss, call, made))) {
          wrong.add(name + ": otherwise: " + call + " " + made + ": " + expected + ", not " + got);
        }
      } else if (passes(got)) {
        passed++;
      }
    }

    private Set<String> lost(Loss.Effect effect, String call, Call made) {
      Set<String> found = new TreeSet<>();
      for (Loss loss : asked.conversion().losses()) {
        if (loss.effect() == effect && isAbout(loss, call, made)) {
          found.add(loss.message());
        }
      }
      return found;
    }

    /// Whether it names the call, or something that is true of many.
    private static boolean isAbout(Loss loss, String call, Call made) {
      return List.of(loss.message().split("[ ,:]+", -1)).contains(call)
          || loss.message().contains(" more: ")
          || loss.message().startsWith("what is denied")
          || loss.message().startsWith("the default")
          || loss.message().startsWith(architecture(made).spelling() + ":");
    }

    private static Architecture architecture(Call made) {
      if (made.architecture() == I386) {
        return Architecture.X86;
      }
      return made.number() >= X32 ? Architecture.X32 : Architecture.X86_64;
    }

    private static boolean passes(Verdict verdict) {
      return verdict.kind() == Kind.ALLOW || verdict.kind() == Kind.LOG;
    }
  }
}
