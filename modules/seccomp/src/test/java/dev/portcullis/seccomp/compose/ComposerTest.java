package dev.portcullis.seccomp.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of two profiles or more; {@link Compiler#inThisProcess} makes the filters.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ComposerTest {
  private static final int X86_64 = 0xC000003E;
  private static final int X86 = 0x40000003;
  private static final Compiler COMPILER = Compiler.inThisProcess();

  private static Composer composer(Set<Dialect> dialects) {
    return new Composer(COMPILER, SyscallTable.ofThisMachine(), Architecture.X86_64, dialects);
  }

  private static NamedProfile part(String name, String json) {
    return switch (Profiles.read(json)) {
      case ProfileParseResult.Read(Profile profile, var warnings) ->
          new NamedProfile(name, Profiles.resolved(profile), Beside.of(profile, warnings));
      case ProfileParseResult.Rejected rejected -> throw new AssertionError(rejected.findings());
    };
  }

  /// Profiles of which the first is called `a`, the second `b`.
  private static List<NamedProfile> parts(String... json) {
    List<NamedProfile> parts = new ArrayList<>();
    for (String each : json) {
      parts.add(part(String.valueOf((char) ('a' + parts.size())), each));
    }
    return parts;
  }

  private static String with(String defaultAction, String... rules) {
    return "{'defaultAction':'SCMP_ACT_"
        + defaultAction
        + "','architectures':['SCMP_ARCH_X86_64'],'syscalls':["
        + String.join(",", rules)
        + "]}";
  }

  private static String rule(String name, String action, String more) {
    return "{'names':['" + name + "'],'action':'SCMP_ACT_" + action + "'" + more + "}";
  }

  private static String args(String... args) {
    return ",'args':[" + String.join(",", args) + "]";
  }

  private static String arg(int index, String operator, long value) {
    return "{'index':%d,'op':'SCMP_CMP_%s','value':%s}"
        .formatted(index, operator, Long.toUnsignedString(value));
  }

  private static ResolvedProfile exact(Combination combination, String... json) {
    return exact(combination, parts(json), EnumSet.allOf(Dialect.class));
  }

  private static ResolvedProfile exact(
      Combination combination, List<NamedProfile> parts, Set<Dialect> dialects) {
    return switch (composer(dialects).compose(combination, parts, false)) {
      case Composition.Composed composed -> {
        assertThat(composed.exact()).isTrue();
        yield composed.profile();
      }
      case Composition.Refused(String reason, var differences) ->
          throw new AssertionError(reason + differences);
      case Composition.Undecided undecided -> throw new AssertionError(undecided);
    };
  }

  private static Composition.Composed approximated(Combination combination, String... json) {
    return switch (composer(EnumSet.allOf(Dialect.class)).compose(combination, parts(json), true)) {
      case Composition.Composed composed -> composed;
      case Composition.Refused(String reason, var differences) ->
          throw new AssertionError(reason + differences);
      case Composition.Undecided undecided -> throw new AssertionError(undecided);
    };
  }

  private static String refused(Combination combination, String... json) {
    return switch (composer(EnumSet.allOf(Dialect.class))
        .compose(combination, parts(json), false)) {
      case Composition.Refused refused -> refused.reason();
      case Composition.Composed composed -> throw new AssertionError(composed);
      case Composition.Undecided undecided -> throw new AssertionError(undecided);
    };
  }

  private static Filters filter(ResolvedProfile profile) {
    return switch (COMPILER.compile(profile, Dialect.CRUN)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation other -> throw new AssertionError(other);
    };
  }

  private static Verdict run(ResolvedProfile profile, int token, int number, long... arguments) {
    return filter(profile).run(Call.of(token, number, arguments));
  }

  private static NamedProfile builtIn(String name) {
    Profile profile =
        switch (BuiltInDefaults.find(name)) {
          case BuiltInDefaults.Found(BuiltInDefault found) -> found.contents().profile();
          case BuiltInDefaults.NotKnown(String reason) -> throw new AssertionError(reason);
        };
    Target target =
        new Target(
            Architecture.X86_64, new KernelVersion(6, 1), Set.of("CAP_CHOWN", "CAP_SYS_CHROOT"));
    return new NamedProfile(name, Resolver.resolve(profile, target), Beside.NONE);
  }

  /// In both orders, and again with itself, which changes nothing.
  @ParameterizedTest
  @CsvSource({
    "docker/default, podman/default",
    "containerd/default@1.6, docker/default",
    "containerd/default@1.7, crio/default",
    "containerd/default@2.3, podman/default",
  })
  void defaultsOfRuntimes(String first, String second) {
    Set<Dialect> all = EnumSet.allOf(Dialect.class);
    NamedProfile a = builtIn(first);
    NamedProfile b = builtIn(second);
    for (Combination combination : Combination.values()) {
      ResolvedProfile made = exact(combination, List.of(a, b), all);
      Filters there = filter(made);
      Filters back = filter(exact(combination, List.of(b, a), all));
      Filters again =
          filter(exact(combination, List.of(new NamedProfile("made", made, Beside.NONE), a), all));
      for (int number : new int[] {0, 16, 41, 56, 135, 272, 435, 450}) {
        for (long argument : new long[] {0, 16, 38, 40, 0x10000000L, -1L}) {
          Call call = Call.of(X86_64, number, argument, 3, 9);
          Verdict verdict = there.run(call);
          assertThat(back.run(call).kind()).isEqualTo(verdict.kind());
          assertThat(again.run(call)).isEqualTo(verdict);
        }
      }
    }
  }

  @Test
  void rulesThatOneProfileHasAlreadyStayAsTheyAre() {
    String masked =
        rule(
            "clone",
            "ALLOW",
            ",'args':[{'index':0,'op':'SCMP_CMP_MASKED_EQ','value':2114060288,'valueTwo':0}]");
    ResolvedProfile made =
        exact(
            Combination.INTERSECTION,
            with("ERRNO", rule("read", "ALLOW", ""), masked),
            with("ERRNO", rule("read", "ALLOW", ""), rule("clone", "ALLOW", "")));
    assertThat(ProfileWriter.write(made).replaceAll("\\s+", ""))
        .contains("\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"");
  }

  /// All 64 bits count, and no rule has an argument twice: a range in the middle is several rules.
  @Test
  void conditionsOnOneArgument() {
    ResolvedProfile made =
        exact(
            Combination.INTERSECTION,
            with("ERRNO", rule("dup", "ALLOW", args(arg(0, "GE", 5)))),
            with("ERRNO", rule("dup", "ALLOW", args(arg(0, "LE", 11L << 40)))));
    assertThat(made.rules())
        .noneMatch(rule -> ArgumentCondition.isRepeated(rule.arguments()))
        .hasSizeGreaterThan(2);
    assertThat(run(made, X86_64, 32, 4).kind()).isEqualTo(Kind.ERRNO);
    assertThat(run(made, X86_64, 32, 5).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(made, X86_64, 32, 11L << 40).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(made, X86_64, 32, (11L << 40) + 1).kind()).isEqualTo(Kind.ERRNO);
    ResolvedProfile all =
        exact(
            Combination.UNION,
            with("ERRNO", rule("dup", "ALLOW", args(arg(0, "NE", 7)))),
            with("ERRNO", rule("dup", "ALLOW", args(arg(0, "EQ", 7)))));
    assertThat(run(all, X86_64, 32, 7).kind()).isEqualTo(Kind.ALLOW);
    assertThat(all.rules()).hasSize(1);
    assertThat(all.rules().getFirst().arguments()).isEmpty();
  }

  /// What a runtime reads as two rules is written as two.
  @Test
  void anArgumentTwice() {
    ResolvedProfile made =
        exact(
            Combination.UNION,
            with("ERRNO", rule("dup", "ALLOW", args(arg(0, "EQ", 1), arg(0, "EQ", 2)))),
            with("ERRNO"));
    assertThat(made.rules()).hasSize(2).allMatch(rule -> rule.arguments().size() == 1);
    assertThat(run(made, X86_64, 32, 2).kind()).isEqualTo(Kind.ALLOW);
  }

  @Test
  void anAllowListAndADenyList() {
    String[] both = {
      with("ERRNO", rule("read", "ALLOW", ""), rule("mkdir", "ALLOW", "")),
      with("ALLOW", rule("mkdir", "KILL_PROCESS", ""), rule("rmdir", "KILL", ""))
    };
    ResolvedProfile strict = exact(Combination.INTERSECTION, both);
    assertThat(run(strict, X86_64, 0).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(strict, X86_64, 1).kind()).isEqualTo(Kind.ERRNO);
    assertThat(run(strict, X86_64, 83).kind()).isEqualTo(Kind.KILL_PROCESS);
    assertThat(run(strict, X86_64, 84).kind()).isEqualTo(Kind.KILL_THREAD);
    ResolvedProfile wide = exact(Combination.UNION, both);
    assertThat(run(wide, X86_64, 1).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(wide, X86_64, 83).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(wide, X86_64, 84).kind()).isEqualTo(Kind.ERRNO);
  }

  /// An errno that a rule gives counts before that of a default: programs wait for ENOSYS of
  /// clone3.
  @Test
  void errnosOfTheSameSeverity() {
    String[] both = {
      with("ERRNO", rule("getcpu", "ALLOW", ""), rule("process_mrelease", "ALLOW", "")),
      with(
          "ERRNO", rule("clone3", "ERRNO", ",'errnoRet':38"), rule("process_mrelease", "ALLOW", ""))
    };
    assertThat(run(exact(Combination.INTERSECTION, both), X86_64, 435))
        .isEqualTo(new Verdict(Kind.ERRNO, 38));
    assertThat(run(exact(Combination.UNION, both), X86_64, 435))
        .isEqualTo(new Verdict(Kind.ERRNO, 38));
  }

  @Test
  void fakedSuccess() {
    String fakes = with("ALLOW", rule("setuid", "ERRNO", ",'errnoRet':0"));
    assertThat(refused(Combination.INTERSECTION, fakes, with("ALLOW")))
        .startsWith("setuid on x86_64: a has errno 0, b has ALLOW; errno 0 lets the call seem");
    // Where one says that it fails, it fails; where all fake it, they do it together.
    String fails = with("ALLOW", rule("setuid", "ERRNO", ""));
    for (Combination each : Combination.values()) {
      assertThat(run(exact(each, fakes, fails), X86_64, 105)).hasToString("EPERM");
      assertThat(run(exact(each, fakes, fakes), X86_64, 105)).hasToString("errno 0");
    }
    assertThat(run(exact(Combination.UNION, fakes, with("ALLOW")), X86_64, 105).kind())
        .isEqualTo(Kind.ALLOW);
    Composition.Composed strict = approximated(Combination.INTERSECTION, fakes, with("ALLOW"));
    assertThat(strict.exact()).isFalse();
    assertThat(run(strict.profile(), X86_64, 105)).hasToString("EPERM");
  }

  @Test
  void anotherProcessDecides() {
    String traced = with("ALLOW", rule("mkdir", "TRACE", ",'errnoRet':7"));
    assertThat(refused(Combination.INTERSECTION, traced, with("ALLOW")))
        .startsWith("mkdir on x86_64: a has TRACE 7, b has ALLOW; another process decides");
    assertThat(refused(Combination.UNION, traced, with("ALLOW", rule("mkdir", "ERRNO", ""))))
        .contains("another process decides");
    assertThat(run(exact(Combination.INTERSECTION, traced, traced), X86_64, 83))
        .isEqualTo(new Verdict(Kind.TRACE, 7));
    // Severity says enough of what is not that answer.
    String kills = with("ALLOW", rule("mkdir", "KILL", ""));
    assertThat(run(exact(Combination.INTERSECTION, traced, kills), X86_64, 83).kind())
        .isEqualTo(Kind.KILL_THREAD);
  }

  @Test
  void listeners() {
    String notify = with("ALLOW", rule("mkdir", "NOTIFY", ""));
    String mine = notify.replaceFirst("\\{", "{'listenerPath':'/run/a',");
    String theirs = notify.replaceFirst("\\{", "{'listenerPath':'/run/b',");
    assertThat(refused(Combination.INTERSECTION, mine, theirs))
        .contains("a asks the listener \"/run/a\" with SCMP_ACT_NOTIFY, and b \"/run/b\"");
    assertThat(refused(Combination.INTERSECTION, mine, with("ALLOW")))
        .startsWith("mkdir on x86_64: a has USER_NOTIF, b has ALLOW");
    assertThat(exact(Combination.INTERSECTION, mine, mine).listener().path()).isEqualTo("/run/a");
    ResolvedProfile without =
        exact(Combination.INTERSECTION, mine, with("ALLOW", rule("mkdir", "ERRNO", "")));
    assertThat(without.listener().path()).isEmpty();
  }

  @Test
  void settingsBesideTheRules() {
    String logs = with("ALLOW").replaceFirst("\\{", "{'flags':['SECCOMP_FILTER_FLAG_LOG'],");
    assertThat(refused(Combination.UNION, logs, with("ALLOW")))
        .contains("`flags` must be the same", "a has \"SECCOMP_FILTER_FLAG_LOG\", and b none");
    assertThat(exact(Combination.UNION, logs, logs).flags()).hasSize(1);
    assertThat(
            refused(Combination.UNION, with("ALLOW"), with("ALLOW").replaceFirst("\\{", "{'x':1,")))
        .contains("b has a part that only some runtimes know");
  }

  @Test
  void architectures() {
    String here = with("ERRNO", rule("read", "ALLOW", ""));
    String also = here.replace("'SCMP_ARCH_X86_64'", "'SCMP_ARCH_X86_64','SCMP_ARCH_X86'");
    ResolvedProfile strict = exact(Combination.INTERSECTION, also, here);
    assertThat(strict.architectures()).containsExactly(Architecture.X86_64);
    assertThat(run(strict, X86, 3).kind()).isEqualTo(Kind.KILL_THREAD);
    ResolvedProfile wide = exact(Combination.UNION, here, also);
    assertThat(wide.architectures()).containsExactly(Architecture.X86_64, Architecture.X86);
    assertThat(run(wide, X86, 3).kind()).isEqualTo(Kind.ALLOW);
    String other = here.replace("X86_64", "AARCH64");
    assertThat(refused(Combination.INTERSECTION, here, other))
        .isEqualTo(
            "the profiles have no architecture in common: a lists SCMP_ARCH_X86_64; b lists"
                + " SCMP_ARCH_AARCH64");
    String none = here.replace("'architectures':['SCMP_ARCH_X86_64'],", "");
    assertThat(exact(Combination.INTERSECTION, none, none).architectures()).isEmpty();
    assertThat(exact(Combination.INTERSECTION, none, also).architectures())
        .containsExactly(Architecture.X86_64);
  }

  /// The rules of a profile hold on all of its architectures, so that what only one of the profiles
  /// allows would be allowed where that profile ends a program.
  @Test
  void rulesForOneArchitectureCannotBeSaid() {
    String[] both = {
      with("ERRNO", rule("read", "ALLOW", ""))
          .replace("'SCMP_ARCH_X86_64'", "'SCMP_ARCH_X86_64','SCMP_ARCH_X86'"),
      with("ERRNO", rule("mkdir", "ALLOW", ""))
    };
    assertThat(refused(Combination.UNION, both))
        .contains("mkdir on x86 is ALLOW instead of E", "hold on all architectures that it lists");
    Composition.Composed wide = approximated(Combination.UNION, both);
    assertThat(wide.differences())
        .isNotEmpty()
        .allMatch(each -> each.where().equals(List.of("x86")))
        .extracting(Difference::first)
        .contains(new Verdict(Kind.ALLOW, 0));
  }

  /// One compares all 64 bits, the other 32: what is left of 38 has bits above, which is no
  /// condition where registers have 32 bits.
  @Test
  void upperHalvesThatCannotBeSaid() {
    String[] both = {
      with("ERRNO", rule("socket", "ALLOW", args(arg(0, "NE", 38)))),
      with(
          "ERRNO",
          rule(
              "socket",
              "ALLOW",
              ",'args':[{'index':0,'op':'SCMP_CMP_MASKED_EQ','value':4294967264,'valueTwo':32}]"))
    };
    String listed = "'SCMP_ARCH_X86_64','SCMP_ARCH_X86'";
    both[0] = both[0].replace("'SCMP_ARCH_X86_64'", listed);
    both[1] = both[1].replace("'SCMP_ARCH_X86_64'", listed);
    assertThat(refused(Combination.INTERSECTION, both))
        .contains("socket where domain is 38")
        .doesNotContain("list different ones");
    ResolvedProfile strict = approximated(Combination.INTERSECTION, both).profile();
    assertThat(run(strict, X86_64, 41, 39).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(strict, X86_64, 41, 39 | 1L << 40).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(strict, X86_64, 41, 38 | 1L << 40).kind()).isEqualTo(Kind.ERRNO);
    assertThat(run(strict, X86, 359, 38).kind()).isEqualTo(Kind.ERRNO);
    assertThat(run(strict, X86, 359, 39).kind()).isEqualTo(Kind.ALLOW);
  }

  /// Another libseccomp may know them.
  @Test
  void namesThatLibseccompDoesNotKnow() {
    String[] both = {
      with("ERRNO", rule("frobnicate", "ALLOW", ""), rule("defrobnicate", "ALLOW", "")),
      with("ERRNO", rule("frobnicate", "ALLOW", args(arg(1, "EQ", 3))))
    };
    Composition made =
        composer(EnumSet.allOf(Dialect.class))
            .compose(Combination.INTERSECTION, parts(both), false);
    assertThat(made)
        .isInstanceOfSatisfying(
            Composition.Composed.class,
            composed -> {
              assertThat(composed.unproven()).containsExactly("frobnicate", "defrobnicate");
              assertThat(ProfileWriter.write(composed.profile()))
                  .contains("\"frobnicate\"", "\"index\" : 1", "\"value\" : 3")
                  .doesNotContain("defrobnicate");
            });
    assertThat(ProfileWriter.write(exact(Combination.UNION, both)))
        .contains("\"frobnicate\"", "defrobnicate")
        .doesNotContain("\"index\"");
    assertThat(
            refused(
                Combination.UNION,
                with("ERRNO", rule("frobnicate", "ALLOW", ""), rule("frobnicate", "KILL", "")),
                with("ERRNO")))
        .contains("a has rules for \"frobnicate\" that contradict each other");
  }

  /// runc answers ENOSYS to calls that are newer than all that a profile names, and crun does not.
  @Test
  void runcsPrologue() {
    String[] both = {
      with("ERRNO", rule("read", "ALLOW", ""), rule("openat2", "ALLOW", "")),
      with("ERRNO", rule("read", "ALLOW", ""), rule("landlock_restrict_self", "ALLOW", ""))
    };
    ResolvedProfile strict = exact(Combination.INTERSECTION, both);
    // It names the newest call of the older profile, if only to do what the default does.
    assertThat(ProfileWriter.write(strict)).contains("openat2").doesNotContain("landlock");
    assertThat(exact(Combination.UNION, both).rules()).hasSize(1);
    String[] killing = {
      both[0].replace("ACT_ERRNO", "ACT_KILL"), both[1].replace("ACT_ERRNO", "ACT_KILL")
    };
    assertThat(refused(Combination.INTERSECTION, killing)).contains("no profile that was tried");
    assertThat(exact(Combination.INTERSECTION, parts(killing), Set.of(Dialect.CRUN)).rules())
        .isNotEmpty();
  }

  @Test
  void threeProfiles() {
    String[] three = {
      with("ERRNO", rule("read", "ALLOW", ""), rule("write", "ALLOW", "")),
      with("ERRNO", rule("read", "ALLOW", ""), rule("write", "LOG", "")),
      with(
          "ERRNO",
          rule("read", "ALLOW", args(arg(0, "LT", 3))),
          rule("close", "ALLOW", ""),
          rule("write", "ALLOW", ""))
    };
    ResolvedProfile strict = exact(Combination.INTERSECTION, three);
    assertThat(run(strict, X86_64, 0, 2).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(strict, X86_64, 0, 3).kind()).isEqualTo(Kind.ERRNO);
    assertThat(run(strict, X86_64, 1).kind()).isEqualTo(Kind.LOG);
    assertThat(run(strict, X86_64, 3).kind()).isEqualTo(Kind.ERRNO);
    ResolvedProfile wide = exact(Combination.UNION, three);
    assertThat(run(wide, X86_64, 0, 3).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(wide, X86_64, 1).kind()).isEqualTo(Kind.ALLOW);
    assertThat(run(wide, X86_64, 3).kind()).isEqualTo(Kind.ALLOW);
  }

  /// What is written is read again without a complaint.
  @Test
  void whatIsWrittenIsAProfile() {
    String written =
        ProfileWriter.write(
            exact(
                Combination.INTERSECTION,
                List.of(builtIn("docker/default"), builtIn("podman/default")),
                EnumSet.allOf(Dialect.class)));
    assertThat(ProfileReader.read(written.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            ProfileParseResult.Read.class, read -> assertThat(read.warnings()).isEmpty());
  }
}
