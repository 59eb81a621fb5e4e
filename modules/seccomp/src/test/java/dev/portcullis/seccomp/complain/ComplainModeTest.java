package dev.portcullis.seccomp.complain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of refusals; {@link Compiler#inThisProcess} makes the filters.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ComplainModeTest {
  private static final int X86_64 = 0xC000003E;
  private static final int X86 = 0x40000003;
  private static final Compiler COMPILER = Compiler.inThisProcess();
  private static final ComplainMode MODE =
      new ComplainMode(COMPILER, SyscallTable.ofThisMachine(), Architecture.X86_64);

  private static ResolvedProfile profile(String json) {
    return Profiles.resolved(Profiles.profile(json));
  }

  private static ComplainMode.Result of(ResolvedProfile profile) {
    return MODE.of(new NamedProfile("p", profile, Beside.NONE), Set.of());
  }

  private static ComplainMode.Result.Made made(ResolvedProfile profile) {
    return switch (of(profile)) {
      case ComplainMode.Result.Made made -> made;
      case ComplainMode.Result.Failed(String reason, boolean _) -> throw new AssertionError(reason);
    };
  }

  private static Filters filter(ResolvedProfile profile, Dialect dialect) {
    return switch (COMPILER.compile(profile, dialect)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation other -> throw new AssertionError(other);
    };
  }

  private static Kind run(ResolvedProfile profile, int token, int number, long... arguments) {
    return filter(profile, Dialect.CRUN).run(Call.of(token, number, arguments)).kind();
  }

  @Test
  void everyKindOfRefusalIsLogged() {
    ComplainMode.Result.Made made =
        made(
            profile(
                """
                {'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':13,
                 'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86'],'syscalls':[
                 {'names':['read'],'action':'SCMP_ACT_ALLOW'},
                 {'names':['mkdir'],'action':'SCMP_ACT_KILL_PROCESS'},
                 {'names':['rmdir'],'action':'SCMP_ACT_TRAP'},
                 {'names':['chdir'],'action':'SCMP_ACT_TRACE','errnoRet':7},
                 {'names':['fork'],'action':'SCMP_ACT_LOG'},
                 {'names':['socket'],'action':'SCMP_ACT_ALLOW','args':[
                   {'index':0,'value':1,'op':'SCMP_CMP_EQ'}]},
                 {'names':['clone3'],'action':'SCMP_ACT_ERRNO','errnoRet':38}]}\
                """));
    ResolvedProfile profile = made.profile();
    assertThat(run(profile, X86_64, 0)).isEqualTo(Kind.ALLOW);
    for (int number : new int[] {83, 84, 80, 57, 90, 500}) {
      assertThat(run(profile, X86_64, number)).as("" + number).isEqualTo(Kind.LOG);
    }
    assertThat(run(profile, X86_64, 41, 1)).isEqualTo(Kind.ALLOW);
    assertThat(run(profile, X86_64, 41, 2)).isEqualTo(Kind.LOG);
    assertThat(run(profile, X86, 15)).isEqualTo(Kind.LOG);
    assertThat(filter(profile, Dialect.RUNC).run(Call.of(X86_64, 435)))
        .isEqualTo(new Verdict(Kind.ERRNO, 38));
    assertThat(run(profile, X86_64, 0x40000000)).isEqualTo(Kind.KILL_THREAD);
    assertThat(made.absent()).containsExactly("clone3");
    assertThat(made.killed()).containsExactly(Architecture.X32);
    assertThat(ProfileWriter.write(profile))
        .contains("\"defaultAction\" : \"SCMP_ACT_LOG\"")
        .doesNotContain("defaultErrnoRet", "mkdir", "rmdir", "chdir", "fork");
  }

  /// A default of ENOSYS refuses; what has a rule of its own beside it seems to be absent.
  @Test
  void aDefaultOfEnosysIsLogged() {
    String rules =
        """
        {'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':38,
         'architectures':['SCMP_ARCH_X86_64'],'syscalls':[
         {'names':['clone3','bpf'],'action':'SCMP_ACT_ERRNO','errnoRet':38},
         {'names':['bpf'],'action':'SCMP_ACT_ALLOW','args':[
           {'index':0,'value':1,'op':'SCMP_CMP_EQ'}]}]}\
        """;
    ComplainMode.Result.Made made = made(profile(rules));
    assertThat(made.absent()).containsExactly("clone3");
    assertThat(run(made.profile(), X86_64, 83)).isEqualTo(Kind.LOG);
    assertThat(run(made.profile(), X86_64, 435)).isEqualTo(Kind.ERRNO);
    assertThat(run(made.profile(), X86_64, 321, 1)).isEqualTo(Kind.ALLOW);
    assertThat(run(made.profile(), X86_64, 321, 2)).isEqualTo(Kind.LOG);
  }

  @Test
  void aListenerIsStillAsked() {
    ResolvedProfile profile =
        made(profile(
                """
                {'defaultAction':'SCMP_ACT_ALLOW','architectures':['SCMP_ARCH_X86_64'],
                 'listenerPath':'/run/l','syscalls':[
                 {'names':['mkdir'],'action':'SCMP_ACT_NOTIFY'},
                 {'names':['rmdir'],'action':'SCMP_ACT_ERRNO','errnoRet':0}]}\
                """))
            .profile();
    assertThat(run(profile, X86_64, 83)).isEqualTo(Kind.USER_NOTIF);
    assertThat(run(profile, X86_64, 84)).isEqualTo(Kind.LOG);
    assertThat(profile.listener().path()).isEqualTo("/run/l");
  }

  /// Here libseccomp reads the rules otherwise once that with the errno is gone.
  @Test
  void rulesThatContradictEachOther() {
    ResolvedProfile origin =
        profile(
            """
            {'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86_64'],'syscalls':[
             {'names':['mkdir'],'action':'SCMP_ACT_ERRNO','errnoRet':13},
             {'names':['mkdir'],'action':'SCMP_ACT_ALLOW','args':[
               {'index':1,'value':448,'op':'SCMP_CMP_EQ'}]}]}\
            """);
    Kind before = run(origin, X86_64, 83, 0, 448);
    assertThat(before).isEqualTo(Kind.ERRNO);
    assertThat(run(LoggedRefusals.of(origin, Set.of()), X86_64, 83, 0, 448)).isEqualTo(Kind.ALLOW);
    assertThat(run(made(origin).profile(), X86_64, 83, 0, 448)).isEqualTo(Kind.LOG);
  }

  private static ResolvedProfile builtIn(String name) {
    return switch (BuiltInDefaults.find(name)) {
      case BuiltInDefaults.Found(BuiltInDefault found) ->
          Resolver.resolve(
              found.contents().profile(),
              new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of("CAP_CHOWN")));
      case BuiltInDefaults.NotKnown(String reason) -> throw new AssertionError(reason);
    };
  }

  /// Of real profiles every call without arguments, and some with.
  @ParameterizedTest
  @ValueSource(strings = {"containerd/default", "docker/default", "podman/default"})
  void realProfiles(String name) {
    ResolvedProfile origin = builtIn(name);
    ResolvedProfile made = made(origin).profile();
    for (Dialect dialect : Dialect.values()) {
      Filters before = filter(origin, dialect);
      Filters after = filter(made, dialect);
      for (int token : new int[] {X86_64, X86}) {
        for (int number = 0; number < 600; number++) {
          for (long argument : new long[] {0, 1, 8, 40, 0x10000000, 0xffffffffL}) {
            Call call = Call.of(token, number, argument, argument, argument);
            requireLogged(before.run(call), after.run(call), call);
          }
        }
      }
    }
  }

  private static void requireLogged(Verdict before, Verdict after, Call call) {
    switch (before.kind()) {
      case ALLOW, LOG, USER_NOTIF -> assertThat(after).as("%s", call).isEqualTo(before);
      case ERRNO ->
          assertThat(after.kind() == Kind.LOG || (before.data() == 38 && after.equals(before)))
              .as("%s: %s becomes %s", call, before, after)
              .isTrue();
      case KILL_PROCESS, KILL_THREAD, TRAP, TRACE ->
          assertThat(after.kind()).as("%s", call).isEqualTo(Kind.LOG);
    }
  }

  /// Rules at random, contradictions and repeated arguments among them: what comes out is right, or
  /// nothing does.
  @Test
  void anyRules() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261129);
    int proven = 0;
    for (int i = 0; i < 150; i++) {
      ResolvedProfile origin = profile(any(random));
      if (!(COMPILER.compile(origin, Dialect.CRUN) instanceof Compilation.Compiled)
          || !(of(origin)
              instanceof ComplainMode.Result.Made(ResolvedProfile made, var _, var _))) {
        continue;
      }
      proven++;
      for (Dialect dialect : Dialect.values()) {
        Filters before = filter(origin, dialect);
        Filters after = filter(made, dialect);
        for (int number = 80; number < 93; number++) {
          for (long a = 0; a < 4; a++) {
            for (long b : new long[] {0, 1, 2, 1L << 32}) {
              Call call = Call.of(X86_64, number, a, b);
              requireLogged(before.run(call), after.run(call), call);
            }
          }
        }
      }
    }
    assertThat(proven).isGreaterThan(100);
  }

  private static String any(RandomGenerator random) {
    List<String> actions =
        List.of("ALLOW", "ERRNO", "KILL", "KILL_PROCESS", "TRAP", "LOG", "TRACE");
    List<String> rules = new ArrayList<>();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      String action = pick(actions, random);
      String errno = action.equals("ERRNO") && random.nextBoolean() ? ",'errnoRet':38" : "";
      String args =
          Stream.generate(() ->
                  "{'index':%d,'value':%d,'op':'SCMP_CMP_%s'}"
                      .formatted(
                          random.nextInt(2),
                          random.nextInt(3),
                          pick(List.of("EQ", "NE", "LT", "GE"), random)))
              .limit(random.nextInt(3))
              .collect(Collectors.joining(","));
      rules.add(
          "{'names':['%s'],'action':'SCMP_ACT_%s'%s,'args':[%s]}"
              .formatted(pick(List.of("mkdir", "rmdir", "chmod"), random), action, errno, args));
    }
    return "{'defaultAction':'SCMP_ACT_%s','architectures':['SCMP_ARCH_X86_64'],'syscalls':[%s]}"
        .formatted(pick(actions, random), String.join(",", rules));
  }

  private static String pick(List<String> of, RandomGenerator random) {
    return of.get(random.nextInt(of.size()));
  }
}
