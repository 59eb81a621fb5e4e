package dev.portcullis.seccomp.recording;

import static dev.portcullis.seccomp.recording.RecordedCalls.TABLE;
import static dev.portcullis.seccomp.recording.RecordedCalls.allows;
import static dev.portcullis.seccomp.recording.RecordedCalls.count;
import static dev.portcullis.seccomp.recording.RecordedCalls.denies;
import static dev.portcullis.seccomp.recording.RecordedCalls.filters;
import static dev.portcullis.seccomp.recording.RecordedCalls.number;
import static dev.portcullis.seccomp.recording.RecordedCalls.recording;
import static dev.portcullis.seccomp.recording.RecordedCalls.tally;
import static dev.portcullis.seccomp.recording.RecordedCalls.verdict;
import static dev.portcullis.seccomp.recording.RecordedCalls.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The filter of the profile, by the interpreter, against the calls that were recorded.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class RecordedProfileTest {
  private static final long SEED = Long.getLong("portcullis.seed", 49);
  private static final int ROUNDS = 60;

  /// clone3 aside, which fails by design where its flags matter.
  private static final Set<String> BY_DESIGN = Set.of("clone3");

  @Test
  void allowsWhatWasSeenAndNothingElse() {
    CallTally tally = tally();
    count(tally, "execve");
    count(tally, "mkdir", 1, 0700);
    Filters filters =
        filters(
            RecordedProfile.of(recording(tally), wish(ArgumentConditions.USUAL)).profile(),
            Dialect.CRUN);
    allows(filters, "execve");
    allows(filters, "mkdir", 7, 7);
    denies(filters, "rmdir", 1);
    denies(filters, "socket", 2, 1, 0);
    denies(filters, "clone3", 0, 88);
  }

  @Test
  void aConditionHoldsForTheBitsThatTheKernelTakes() {
    CallTally tally = tally();
    count(tally, "socket", 0xffffffff00000001L, 2, 0);
    count(tally, "personality", -1L);
    count(tally, "clone", 0x11, 0);
    Filters filters =
        filters(
            RecordedProfile.of(recording(tally), wish(ArgumentConditions.USUAL)).profile(),
            Dialect.CRUN);
    allows(filters, "socket", 1, 1, 5);
    allows(filters, "socket", 0x700000001L, 1, 5);
    denies(filters, "socket", 2, 1, 0);
    allows(filters, "personality", 0xffffffffL);
    denies(filters, "personality", 0x40000);
    allows(filters, "clone", 0x4000);
    denies(filters, "clone", 0x10000000);
  }

  /// Of what the base allows nothing is added, and of what it has conditions on only the rest.
  @Test
  void onlyWhatABaseLacksIsAdded() {
    CallTally tally = tally();
    count(tally, "socket", 1, 1, 0);
    count(tally, "socket", 16, 3, 0);
    count(tally, "personality", 0);
    // The base looks at the first argument, which recordings do not keep.
    count(tally, "ioctl", 3, 0x5413);
    count(tally, "mkdir", 1, 0700);
    ResolvedProfile base =
        new ResolvedProfile(
            new Outcome(Position.NONE, Action.KILL_PROCESS, null),
            List.of(Architecture.X86_64, Architecture.X86),
            List.of(),
            Listener.NONE,
            List.of(
                allow("socket", new ArgumentCondition(0, 1, 0, Operator.EQ)),
                allow("personality"),
                allow("ioctl", new ArgumentCondition(0, 3, 0, Operator.EQ))));
    RecordedProfile beyond =
        RecordedProfile.beyond(
            base,
            filters(base, Dialect.CRUN),
            recording(tally),
            wish(ArgumentConditions.USUAL, "runc"));
    assertThat(beyond.profile().architectures()).isEqualTo(base.architectures());
    assertThat(beyond.profile().defaultOutcome()).isEqualTo(base.defaultOutcome());
    Filters filters = filters(beyond.profile(), Dialect.CRUN);
    allows(filters, "socket", 16, 3, 0);
    allows(filters, "ioctl", 3, 0x5413);
    allows(filters, "mkdir", 1, 0700);
    for (Verdict other :
        List.of(
            verdict(filters, "socket", 1, 1, 0),
            verdict(filters, "personality", 0),
            verdict(filters, "rmdir"))) {
      assertThat(other.kind()).isEqualTo(Kind.KILL_PROCESS);
    }
  }

  private static ResolvedRule allow(String name, ArgumentCondition... conditions) {
    return RecordedProfile.rule(
        List.of(name), new Outcome(Position.NONE, Action.ALLOW, null), List.of(conditions));
  }

  @Test
  void allComparesArgumentsTogether() {
    CallTally tally = tally();
    count(tally, "socket", 1, 1 | 02000000, 0);
    count(tally, "socket", 2, 2, 0);
    Recording recording = recording(tally);
    Filters all =
        filters(
            RecordedProfile.of(recording, wish(ArgumentConditions.ALL)).profile(), Dialect.CRUN);
    allows(all, "socket", 1, 1, 0);
    allows(all, "socket", 2, 2, 0);
    denies(all, "socket", 1, 2, 0);
    denies(all, "socket", 2, 3, 0);
    Filters none =
        filters(
            RecordedProfile.of(recording, wish(ArgumentConditions.NONE)).profile(), Dialect.CRUN);
    allows(none, "socket", 16, 3, 0);
  }

  /// A trace has no flags of clone3, and sees all calls.
  @Test
  void whatATraceDoesNotTellIsNotAllowed() {
    CallTally tally = tally();
    count(tally, "clone3", ArgumentSelection.UNREADABLE);
    count(tally, "clone", 0x11);
    RecordedProfile made =
        RecordedProfile.of(
            recording(tally),
            new ProfileWish(
                ArgumentConditions.USUAL,
                List.of("runc"),
                Architecture.X86_64,
                RecordingWay.TRACE));
    Filters filters = filters(made.profile(), Dialect.RUNC);
    assertThat(verdict(filters, "clone3", 1, 88)).hasToString("ENOSYS");
    allows(filters, "clone", 0x3d0f00);
    denies(filters, "clone", 0x10000000);
    denies(filters, "fork");
    assertThat(made.remarks()).singleElement().asString().contains("does not have its flags");
    assertThat(made.additions())
        .extracting(RecordedProfile.Addition::reason)
        .noneMatch(reason -> reason.contains("ask about"));
  }

  /// glibc tries clone3 first, and takes clone where that is not there.
  @Test
  void clone3IsHiddenWhereItMakesNoNamespaces() {
    CallTally tally = tally();
    count(tally, "clone3", 0x3d0f00);
    Recording recording = recording(tally);
    RecordedProfile usual = RecordedProfile.of(recording, wish(ArgumentConditions.USUAL));
    Filters filters = filters(usual.profile(), Dialect.RUNC);
    assertThat(verdict(filters, "clone3", 1, 88)).hasToString("ENOSYS");
    allows(filters, "clone", 0x3d0f00);
    denies(filters, "clone", 0x10000000);
    assertThat(usual.additions().getFirst().calls()).containsExactly("clone(flags&0x7e020000=0x0)");
    allows(
        filters(
            RecordedProfile.of(recording, wish(ArgumentConditions.NONE)).profile(), Dialect.RUNC),
        "clone3",
        1,
        88);

    CallTally namespaces = tally();
    count(namespaces, "clone3", 0x10000000);
    allows(
        filters(
            RecordedProfile.of(recording(namespaces), wish(ArgumentConditions.USUAL)).profile(),
            Dialect.RUNC),
        "clone3",
        1,
        88);
    CallTally unreadable = tally();
    count(unreadable, "clone3", ArgumentSelection.UNREADABLE);
    allows(
        filters(
            RecordedProfile.of(recording(unreadable), wish(ArgumentConditions.USUAL)).profile(),
            Dialect.RUNC),
        "clone3",
        1,
        88);
  }

  /// What was added is told, and stands in rules of its own.
  @Test
  void additionsAreMarked() {
    CallTally tally = tally();
    count(tally, "execve");
    count(tally, "read", 1);
    RecordedProfile bare = RecordedProfile.of(recording(tally), wish(ArgumentConditions.USUAL));
    RecordedProfile runc =
        RecordedProfile.of(recording(tally), wish(ArgumentConditions.USUAL, "runc"));
    assertThat(names(bare.profile().rules().getFirst())).containsExactly("execve", "read");
    Set<String> told = new HashSet<>(List.of("execve", "read"));
    runc.additions()
        .forEach(
            addition -> addition.calls().forEach(call -> told.add(call.replaceAll("\\(.*", ""))));
    Set<String> allowed = new HashSet<>();
    runc.profile().rules().forEach(rule -> allowed.addAll(names(rule)));
    assertThat(allowed).isEqualTo(told);
    assertThat(bare.additions())
        .extracting(RecordedProfile.Addition::reason)
        .noneMatch(reason -> reason.contains("runc"));
    assertThat(runc.additions().getLast().reason()).contains("runc needs them");
    assertThat(runc.additions().getLast().calls())
        .contains("getppid")
        .doesNotContain("read", "futex");
    denies(filters(bare.profile(), Dialect.RUNC), "getppid");
    allows(filters(runc.profile(), Dialect.RUNC), "getppid");
  }

  @Test
  void programsOf32BitsAddTheirArchitecture() {
    CallTally tally = tally();
    count(tally, "execve");
    tally.count(RecordedCalls.X86, number(Architecture.X86, "getpid"), new long[6]);
    RecordedProfile made = RecordedProfile.of(recording(tally), wish(ArgumentConditions.USUAL));
    assertThat(made.profile().architectures())
        .containsExactly(Architecture.X86_64, Architecture.X86);
    assertThat(made.remarks()).singleElement().asString().contains("programs of x86 ran");
    Filters filters = filters(made.profile(), Dialect.RUNC);
    assertThat(filters.run(Call.of(RecordedCalls.X86, number(Architecture.X86, "getpid"))).kind())
        .isEqualTo(Kind.ALLOW);
    CallTally without = tally();
    count(without, "execve");
    Filters one =
        filters(
            RecordedProfile.of(recording(without), wish(ArgumentConditions.USUAL)).profile(),
            Dialect.RUNC);
    assertThat(one.run(Call.of(RecordedCalls.X86, number(Architecture.X86, "getpid"))).kind())
        .isNotEqualTo(Kind.ALLOW);
  }

  @Test
  void whatHasNoNameAndWhatNobodySeesIsSaid() {
    CallTally tally = tally();
    tally.count(RecordedCalls.X86_64, 999, new long[6]);
    tally.count(RecordedCalls.X86_64, 5_000_000, new long[6]);
    count(tally, "io_uring_setup");
    assertThat(RecordedProfile.of(recording(tally), wish(ArgumentConditions.NONE)).remarks())
        .anyMatch(remark -> remark.startsWith("call number 999 on x86_64 has no name"))
        .anyMatch(remark -> remark.startsWith("call number 5000000 on x86_64 has no name"))
        .anyMatch(remark -> remark.startsWith("io_uring_setup: "));
  }

  @Test
  void tooManyValuesAreNoCondition() {
    CallTally tally = tally();
    for (int i = 0; i < 100; i++) {
      count(tally, "ioctl", 0, i);
    }
    RecordedProfile made = RecordedProfile.of(recording(tally), wish(ArgumentConditions.USUAL));
    allows(filters(made.profile(), Dialect.CRUN_1_29), "ioctl", 0, 4711);
    assertThat(made.remarks())
        .containsExactly("ioctl had too many different arguments for a condition");
  }

  /// Random calls with random bits everywhere; each passes the filter, in every dialect's way of
  /// making it, and calls of names that nobody made and nobody added do not.
  @ParameterizedTest
  @EnumSource(ArgumentConditions.class)
  void everyRecordedCallPassesAndOthersDoNot(ArgumentConditions level) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(SEED);
    List<Map.Entry<Integer, String>> calls = List.copyOf(TABLE.of(Architecture.X86_64).entrySet());
    List<Integer> x86 = List.copyOf(TABLE.of(Architecture.X86).keySet());
    int denied = 0;
    for (int round = 0; round < ROUNDS; round++) {
      CallTally tally = tally();
      List<Call> made = new ArrayList<>();
      Set<String> names = new HashSet<>();
      int size = random.nextInt(1, 40);
      for (int i = 0; i < size; i++) {
        boolean narrow = random.nextInt(8) == 0;
        Map.Entry<Integer, String> call = calls.get(random.nextInt(calls.size()));
        int number = narrow ? x86.get(random.nextInt(x86.size())) : call.getKey();
        String name =
            narrow ? TABLE.of(Architecture.X86).getOrDefault(number, "") : call.getValue();
        int token = narrow ? RecordedCalls.X86 : RecordedCalls.X86_64;
        for (int times = random.nextInt(1, 12); times > 0; times--) {
          long[] arguments = new long[6];
          for (int a = 0; a < 6; a++) {
            arguments[a] = narrow ? random.nextLong() & 0xffffffffL : word(random);
          }
          tally.count(token, number, arguments);
          names.add(name);
          if (!BY_DESIGN.contains(name)) {
            made.add(Call.of(token, number, arguments));
          }
        }
      }
      RecordedProfile profile = RecordedProfile.of(recording(tally), wish(level, "crun"));
      profile
          .additions()
          .forEach(addition ->
              addition.calls().forEach(call -> names.add(call.replaceAll("\\(.*", ""))));
      Dialect dialect = List.of(Dialect.values()).get(random.nextInt(Dialect.values().length));
      Filters filters = filters(profile.profile(), dialect);
      for (Call call : made) {
        assertThat(filters.run(call).kind()).as("seed %s: %s", SEED, call).isEqualTo(Kind.ALLOW);
      }
      for (Map.Entry<Integer, String> call : calls) {
        if (!names.contains(call.getValue())) {
          assertThat(filters.run(Call.of(RecordedCalls.X86_64, call.getKey())).kind())
              .as("seed %s: %s", SEED, call)
              .isEqualTo(Kind.ERRNO);
          denied++;
        }
      }
    }
    assertThat(denied).isGreaterThan(1000);
  }

  private static long word(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(4);
      case 1 -> random.nextLong();
      case 2 -> -1L;
      default -> random.nextInt();
    };
  }

  private static List<String> names(ResolvedRule rule) {
    return rule.names().stream().map(SyscallName::name).toList();
  }
}
