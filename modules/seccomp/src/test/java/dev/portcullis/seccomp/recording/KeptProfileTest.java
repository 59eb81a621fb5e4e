package dev.portcullis.seccomp.recording;

import static dev.portcullis.seccomp.recording.RecordedCalls.TABLE;
import static dev.portcullis.seccomp.recording.RecordedCalls.X86_64;
import static dev.portcullis.seccomp.recording.RecordedCalls.count;
import static dev.portcullis.seccomp.recording.RecordedCalls.filters;
import static dev.portcullis.seccomp.recording.RecordedCalls.number;
import static dev.portcullis.seccomp.recording.RecordedCalls.recording;
import static dev.portcullis.seccomp.recording.RecordedCalls.tally;
import static dev.portcullis.seccomp.recording.RecordedCalls.verdict;
import static dev.portcullis.seccomp.recording.RecordedCalls.wish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a container is refused while it is recorded, and what becomes of that.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class KeptProfileTest {
  private static final int ENOSYS = 38;
  private static final ResolvedProfile PROFILE =
      profile(
          Action.ERRNO,
          List.of("fork", "mount", "clone3"),
          allow("socket", new ArgumentCondition(0, 1, 0, Operator.EQ)),
          rule(Action.ERRNO, ENOSYS, "clone3"));

  /// One that allows all names but some.
  private static ResolvedProfile profile(
      Action otherwise, List<String> but, ResolvedRule... rules) {
    Set<String> names = new TreeSet<>(TABLE.of(Architecture.X86_64).values());
    names.removeAll(but);
    for (ResolvedRule each : rules) {
      each.names().stream().map(SyscallName::name).forEach(names::remove);
    }
    List<ResolvedRule> all = new ArrayList<>(List.of(rules));
    all.add(rule(Action.ALLOW, null, names.toArray(String[]::new)));
    return new ResolvedProfile(
        new Outcome(Position.NONE, otherwise, null),
        List.of(Architecture.X86_64),
        List.of(),
        Listener.NONE,
        all);
  }

  private static ResolvedRule rule(Action action, @Nullable Integer errno, String... names) {
    return RecordedProfile.rule(
        List.of(names), new Outcome(Position.NONE, action, errno), List.of());
  }

  private static ResolvedRule allow(String name, ArgumentCondition condition) {
    return RecordedProfile.rule(
        List.of(name), new Outcome(Position.NONE, Action.ALLOW, null), List.of(condition));
  }

  private static KeptProfile.Answer read(ResolvedProfile profile) {
    return KeptProfile.read(
        "mine", profile, List.of(filters(profile, Dialect.RUNC)), Architecture.X86_64, TABLE);
  }

  private static KeptProfile kept(ResolvedProfile profile) {
    assertThat(read(profile)).isInstanceOf(KeptProfile.Keepable.class);
    return ((KeptProfile.Keepable) read(profile)).profile();
  }

  private static int errno(KeptProfile kept, String call, long... arguments) {
    long[] six = new long[6];
    System.arraycopy(arguments, 0, six, 0, arguments.length);
    return kept.errno(X86_64, number(Architecture.X86_64, call), six);
  }

  @Test
  void itRefusesWhatItsFilterRefusesWithTheSameErrno() {
    KeptProfile kept = kept(PROFILE);
    assertThat(errno(kept, "mount")).isEqualTo(1);
    assertThat(errno(kept, "clone3", 1, 88)).isEqualTo(ENOSYS);
    assertThat(errno(kept, "socket", 2)).isEqualTo(1);
    assertThat(errno(kept, "socket", 1)).isEqualTo(KeptProfile.PASSES);
    assertThat(errno(kept, "mkdir")).isEqualTo(KeptProfile.PASSES);
  }

  private static KeptProfile kept(ResolvedProfile profile, Dialect... dialects) {
    return KeptProfile.read(
                "mine",
                profile,
                Stream.of(dialects).map(each -> filters(profile, each)).toList(),
                Architecture.X86_64,
                TABLE)
            instanceof KeptProfile.Keepable(KeptProfile kept)
        ? kept
        : fail();
  }

  /// runc answers ENOSYS where crun does what the profile says, for calls that are newer than all
  /// that it names.
  @Test
  void itRefusesAsItsOciRuntimeDoes() {
    ResolvedProfile old =
        new ResolvedProfile(
            new Outcome(Position.NONE, Action.ERRNO, 1),
            List.of(Architecture.X86_64),
            List.of(),
            Listener.NONE,
            List.of(rule(Action.ALLOW, null, "read", "write", "mkdir")));
    assertThat(errno(kept(old, Dialect.RUNC), "openat2")).isEqualTo(ENOSYS);
    assertThat(errno(kept(old, Dialect.CRUN), "openat2")).isEqualTo(1);
    KeptProfile any = kept(old, Dialect.CRUN, Dialect.RUNC);
    assertThat(errno(any, "openat2")).isEqualTo(1);
    assertThat(errno(any, "mkdir")).isEqualTo(KeptProfile.PASSES);
  }

  /// crun up to 1.29 takes six conditions of a rule: what one way refuses is refused.
  @Test
  void whatOneOciRuntimeRefusesIsRefused() {
    List<ArgumentCondition> seven = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      seven.add(new ArgumentCondition(i, 0, 0, Operator.EQ));
    }
    seven.add(new ArgumentCondition(0, 5, 0, Operator.NE));
    ResolvedProfile profile =
        profile(
            Action.ERRNO,
            List.of(),
            RecordedProfile.rule(
                List.of("clone"), new Outcome(Position.NONE, Action.ALLOW, null), seven));
    KeptProfile newer = kept(profile, Dialect.CRUN);
    KeptProfile older = kept(profile, Dialect.CRUN_1_29);
    KeptProfile both = kept(profile, Dialect.CRUN, Dialect.CRUN_1_29);
    long[] zero = new long[6];
    long[] other = {1, 0, 0, 0, 0, 0};
    for (long[] arguments : new long[][] {zero, other}) {
      boolean passes =
          errno(newer, "clone", arguments) == KeptProfile.PASSES
              && errno(older, "clone", arguments) == KeptProfile.PASSES;
      assertThat(errno(both, "clone", arguments) == KeptProfile.PASSES).isEqualTo(passes);
    }
    assertThat(errno(newer, "clone", other)).isNotEqualTo(errno(older, "clone", other));
  }

  /// What it refuses is asked about, also where nobody is asked otherwise; and of the calls of
  /// other architectures nothing is let through.
  @Test
  void whatItMayRefuseIsAskedAbout() {
    Filters usual = recorded(kept(profile(Action.ERRNO, List.of("mount"))));
    Filters mine = recorded(kept(PROFILE));
    assertThat(verdict(usual, "fork").kind()).isEqualTo(Kind.ALLOW);
    assertThat(verdict(mine, "fork").kind()).isEqualTo(Kind.USER_NOTIF);
    assertThat(verdict(mine, "read").kind()).isEqualTo(Kind.ALLOW);
    assertThat(verdict(mine, "clone", 0x11).kind()).isEqualTo(Kind.ALLOW);
    Filters threads =
        recorded(
            kept(
                profile(
                    Action.ERRNO,
                    List.of(),
                    allow("clone", new ArgumentCondition(0, 0x100, 0x100, Operator.MASKED_EQ)))));
    assertThat(verdict(threads, "clone", 0x11).kind()).isEqualTo(Kind.USER_NOTIF);
    Filters namespaces =
        recorded(
            kept(
                profile(
                    Action.ERRNO,
                    List.of(),
                    allow("clone", new ArgumentCondition(0, 0x7e020000, 0, Operator.MASKED_EQ)))));
    assertThat(verdict(namespaces, "clone", 0x11).kind()).isEqualTo(Kind.ALLOW);
    assertThat(verdict(namespaces, "clone", 0x20000).kind()).isEqualTo(Kind.USER_NOTIF);
    assertThat(mine.run(Call.of(RecordedCalls.X86, number(Architecture.X86, "mkdir"))).kind())
        .isEqualTo(Kind.KILL_THREAD);
  }

  private static Filters recorded(KeptProfile kept) {
    return filters(
        RecordingFilter.of(Architecture.X86_64, TABLE, new Listener("/run/s", "t"), false, kept),
        Dialect.RUNC);
  }

  /// Nothing but an errno can be answered, and it is not let through in place of that.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KILL_PROCESS | mount | mine answers mount with KILL_PROCESS",
        "TRAP         | mount | mine answers mount with TRAP",
        "ERRNO        | write | mine refuses write",
      })
  void whatCannotHold(Action action, String but, String reason) {
    assertThat(read(profile(action, List.of(but))))
        .isInstanceOfSatisfying(
            KeptProfile.NotKeepable.class, no -> assertThat(no.reason()).startsWith(reason));
  }

  /// A program goes on by the errno that it got, and nothing adds what it was refused.
  @Test
  void theProfileRefusesItAgain() {
    CallTally tally = tally();
    count(tally, "execve");
    count(tally, "clone", 0x11);
    count(tally, "socket", 1, 1, 0);
    CallTally refused = tally();
    for (String call : List.of("clone3", "fork", "socket")) {
      count(refused, call, 2);
    }
    Recording seen = recording(tally);
    Recording recording =
        new Recording(
            seen.runs(),
            seen.program(),
            List.of(),
            refused.calls().stream().map(call -> new RefusedCall(call, ENOSYS)).toList());
    RecordedProfile made = RecordedProfile.of(recording, wish(ArgumentConditions.USUAL));
    Filters filters = filters(made.profile(), Dialect.CRUN);
    assertThat(verdict(filters, "clone3")).hasToString("ENOSYS");
    assertThat(verdict(filters, "fork")).hasToString("ENOSYS");
    assertThat(verdict(filters, "vfork").kind()).isEqualTo(Kind.ALLOW);
    assertThat(verdict(filters, "socket", 1).kind()).isEqualTo(Kind.ALLOW);
    assertThat(verdict(filters, "socket", 2)).hasToString("EPERM");
    assertThat(made.remarks())
        .anyMatch(remark -> remark.contains("socket was refused with ENOSYS for some arguments"));
    assertThat(RecordedProfile.of(recording, wish(ArgumentConditions.NONE)).remarks())
        .anyMatch(remark -> remark.contains("socket was refused for some arguments"));
    // And it is read as it is written.
    assertThat(RecordingReader.read(RecordingWriter.write(recording, made).getBytes(UTF_8)))
        .isEqualTo(new RecordingParseResult.Read(recording));
    assertThat(Recording.merge(List.of(recording, recording)).refused())
        .hasSize(3)
        .allMatch(each -> each.call().count() == 2);
  }
}
