package dev.portcullis.seccomp.optimise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.optimise.Optimiser.Optimisation;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Cheaper filters of the same profile; {@link Compiler#inThisProcess} makes them.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class OptimiserTest {
  private static final int X86_64 = 0xC000003E;
  private static final int SOCKET = 41;
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();
  private static final Optimiser OPTIMISER =
      new Optimiser(Compiler.inThisProcess(), TABLE, Architecture.X86_64, Dialect.RUNC);
  private static final CallWeights ALIKE = CallWeights.alike(Architecture.X86_64, TABLE);

  private static ResolvedProfile profile(String rules) {
    return Profiles.resolved(
        Profiles.profile(
            "{'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86_64'],'syscalls':["
                + "{'names':['read','write'],'action':'SCMP_ACT_ALLOW'},"
                + rules
                + "]}"));
  }

  private static String socket(String op, long value) {
    return "{'names':['socket'],'action':'SCMP_ACT_ALLOW','args':[{'index':0,'value':%d,'op':'%s'}]}"
        .formatted(value, "SCMP_CMP_" + op);
  }

  private static Optimisation of(ResolvedProfile profile, CallWeights weights) {
    return OPTIMISER.of(new NamedProfile("p", profile, Beside.NONE), weights);
  }

  private static Filters filter(ResolvedProfile profile, Dialect dialect) {
    return switch (Compiler.inThisProcess().compile(profile, dialect)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation other -> throw new AssertionError(other);
    };
  }

  /// All values in two rules are a call without conditions, which the kernel's bitmap lets through.
  @Test
  void conditionsThatSayNothing() {
    ResolvedProfile origin = profile(socket("LT", 5) + "," + socket("GE", 5));
    CallWeights sockets =
        new CallWeights(List.of(new CallWeights.Weighted(Call.of(X86_64, SOCKET, 7), 1000)));
    Optimisation.Cheaper cheaper = (Optimisation.Cheaper) of(origin, sockets);
    assertThat(cheaper.before().steps()).isGreaterThan(1000);
    assertThat(cheaper.after().steps()).isZero();
    assertThat(cheaper.rules()).containsExactly(Map.entry("socket", List.of(2, 1)));
    for (Dialect dialect : Dialect.values()) {
      Filters before = filter(origin, dialect);
      Filters after = filter(cheaper.profile(), dialect);
      for (int number = 0; number < 500; number++) {
        for (long domain : new long[] {0, 4, 5, 40, 1L << 32, -1}) {
          Call call = Call.of(X86_64, number, domain);
          assertThat(after.run(call)).as("%s", call).isEqualTo(before.run(call));
        }
      }
    }
  }

  /// An argument twice in a rule is two rules, for runtimes; that is what is made anew.
  @Test
  void anArgumentTwiceInARule() {
    ResolvedProfile origin =
        profile(
            "{'names':['socket'],'action':'SCMP_ACT_ALLOW','args':["
                + "{'index':0,'value':5,'op':'SCMP_CMP_GE'},"
                + "{'index':0,'value':9,'op':'SCMP_CMP_LT'}]}");
    Optimisation.Cheaper cheaper = (Optimisation.Cheaper) of(origin, ALIKE);
    assertThat(filter(cheaper.profile(), Dialect.CRUN).run(Call.of(X86_64, SOCKET, 100)))
        .isEqualTo(filter(origin, Dialect.CRUN).run(Call.of(X86_64, SOCKET, 100)));
    assertThat(cheaper.profile().rules())
        .allSatisfy(rule -> assertThat(rule.arguments()).isEmpty());
  }

  @Test
  void whatIsCheapAlready() {
    assertThat(of(profile(socket("EQ", 1)), ALIKE)).isInstanceOf(Optimisation.NoneCheaper.class);
  }

  /// What is cheaper and does something else is refused: one call more, or another errno alone.
  @Test
  void whatIsNotTheSameIsRefused() {
    ResolvedProfile origin = profile(socket("EQ", 1) + "," + socket("EQ", 2));
    for (String wrong :
        new String[] {
          "{'names':['socket'],'action':'SCMP_ACT_ALLOW'}",
          "{'names':['socket'],'action':'SCMP_ACT_ERRNO','errnoRet':38}",
          "{'names':['getpid'],'action':'SCMP_ACT_ERRNO','errnoRet':1}",
          socket("LE", 2),
        }) {
      List<ResolvedProfile> tried = new ArrayList<>();
      Optimisation refused =
          OPTIMISER.of(
              new NamedProfile("p", origin, Beside.NONE),
              ALIKE,
              (_, _, _, _) -> {
                tried.add(profile(wrong));
                return profile(wrong);
              });
      assertThat(refused).as(wrong).isInstanceOf(Optimisation.NoneCheaper.class);
      assertThat(tried).isNotEmpty();
    }
    ResolvedProfile all = profile("{'names':['socket'],'action':'SCMP_ACT_ALLOW'}");
    assertThat(
            OPTIMISER.of(
                new NamedProfile(
                    "p", profile(socket("LT", 5) + "," + socket("GE", 5)), Beside.NONE),
                ALIKE,
                (_, _, _, _) -> all))
        .isInstanceOf(Optimisation.Cheaper.class);
  }

  /// Nothing is said to be dear or cheap that nobody tried.
  @Test
  void ofTooManyCallsNothingIsTried() {
    String names =
        TABLE.of(Architecture.X86_64).values().stream()
            .limit(65)
            .collect(Collectors.joining("','", "'", "'"));
    assertThat(
            of(
                profile(
                    "{'names':["
                        + names
                        + "],'action':'SCMP_ACT_ALLOW',"
                        + "'args':[{'index':0,'value':1,'op':'SCMP_CMP_EQ'}]}"),
                ALIKE))
        .isInstanceOfSatisfying(
            Optimisation.NotTried.class, not -> assertThat(not.calls()).isEqualTo(65));
  }
}
