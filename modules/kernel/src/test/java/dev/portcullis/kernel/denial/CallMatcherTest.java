package dev.portcullis.kernel.denial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.kernel.process.FilteredThread;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.meaning.Bounds;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallMatcherTest {
  private static final int X86_64 = 0xc000003e;

  /// chmod fails with EPERM, socket with EACCES where its domain is 16, reboot kills.
  private static final RefusalTable TABLE = table();

  static Program program(Instruction... instructions) {
    return switch (Program.of(List.of(instructions))) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused -> throw new AssertionError(refused);
    };
  }

  private static RefusalTable table() {
    Program sockets =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x15, 0, 3, 41),
            Instruction.of(0x20, 16),
            new Instruction(0x15, 0, 1, 16),
            Instruction.of(0x06, 0x5000d),
            Instruction.of(0x06, Filters.ALLOW));
    try {
      return RefusalTable.of(
          X86_64,
          new Filters(
              List.of(
                  FilteredThread.denying(90, 1),
                  sockets,
                  FilteredThread.answering(169, 0x80000000))),
          Bounds.SMALL);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private final CallMatcher matcher = new CallMatcher(TABLE, TABLE);

  private static CallEntry entry(long nanos, int thread, long number) {
    return new CallEntry(nanos, thread, number, 0);
  }

  private List<CallAnswer> accept(TraceEvent... events) {
    return Stream.of(events).map(matcher::accept).flatMap(Optional::stream).toList();
  }

  @Test
  void anEndWithoutABeginningIsARefusal() {
    assertThat(accept(new CallExit(1, 7, 90, -1), new CallExit(2, 7, 41, -13)))
        .extracting(CallAnswer::number)
        .containsExactly(90L, 41L);
    assertThat(accept(new CallExit(3, 7, 169, 169)))
        .first()
        .matches(refusal -> refusal.verdict().kind() == Kind.KILL_PROCESS);
    assertThat(matcher.undecided()).isZero();
  }

  @Test
  void whatTheKernelRefusesItselfIsNone() {
    assertThat(accept(entry(1, 7, 41), new CallExit(2, 7, 41, -13))).isEmpty();
    // Nor what has not failed.
    assertThat(accept(new CallExit(6, 7, 90, 0), new CallExit(7, 7, 90, 3))).isEmpty();
    assertThat(matcher.undecided()).isZero();
  }

  /// Another errno, or a call that is always allowed: somebody refused it, and no filter that is
  /// known.
  @Test
  void whatNoKnownFilterAnswersSoIsUndecided() {
    assertThat(
            accept(
                new CallExit(3, 7, 41, -1),
                new CallExit(4, 7, 83, -1),
                new CallExit(5, 7, 90, -2),
                new CallExit(6, 7, 90, 90)))
        .isEmpty();
    assertThat(matcher.undecided()).isEqualTo(4);
  }

  private static final int LOG = 0x7ffc0000;

  /// Logs mkdir, and socket where its domain is 16; mount where its fourth argument is 32.
  private static RefusalTable logging() throws IOException {
    return RefusalTable.of(
        X86_64,
        new Filters(
            List.of(
                FilteredThread.answering(83, LOG),
                loggingWhere(41, 16, 16),
                loggingWhere(165, 40, 32))),
        Bounds.SMALL);
  }

  /// @param word of the call that is looked at
  private static Program loggingWhere(int number, int word, int value) {
    return program(
        Instruction.of(0x20, 0),
        new Instruction(0x15, 0, 3, number),
        Instruction.of(0x20, word),
        new Instruction(0x15, 0, 1, value),
        Instruction.of(0x06, LOG),
        Instruction.of(0x06, Filters.ALLOW));
  }

  /// What the call comes to is the kernel's, and no refusal.
  @Test
  void aCallThatGoesOnAndIsLoggedIsToldByItsArguments() throws IOException {
    CallMatcher logs = new CallMatcher(logging(), logging());
    assertThat(
            Stream.of(
                    entry(1, 7, 83),
                    new CallExit(2, 7, 83, -1),
                    new CallEntry(3, 7, 41, 16),
                    new CallExit(4, 7, 41, -13),
                    new CallEntry(5, 7, 41, 17),
                    new CallExit(6, 7, 41, -13),
                    new CallEntry(7, 7, 165, 32, 32, 32, 32, 0, 0),
                    new CallExit(8, 7, 165, -1),
                    new CallEntry(9, 7, 165, 32, 32, 32, 33, 32, 32),
                    new CallExit(10, 7, 165, -1))
                .map(logs::accept)
                .flatMap(Optional::stream))
        .extracting(each -> each.nanos() + " " + each.number() + " " + each.verdict())
        .containsExactly("1 83 LOG", "3 41 LOG", "7 165 LOG");
    assertThat(logs.undecided()).isZero();
  }

  /// An end that nobody saw begin may be of a call that began before, and is no refusal.
  @Test
  void whatIsLoggedIsNeverRefused() throws IOException {
    CallMatcher logs = new CallMatcher(logging(), logging());
    logs.use(logging(), logging(), Map.of(7, 83L), 0);
    assertThat(logs.accept(new CallExit(1, 7, 83, -1))).isEmpty();
    assertThat(logs.accept(new CallExit(2, 7, 83, 83))).isEmpty();
    assertThat(logs.accept(new CallExit(3, 7, 83, 0))).isEmpty();
    assertThat(logs.accept(new CallExit(4, 7, 83, -1))).isEmpty();
  }

  /// A filter that only some have tells nothing of the others.
  @Test
  void whatOnlySomeFiltersLogIsNotTold() throws IOException {
    CallMatcher logs = new CallMatcher(logging(), RefusalTable.ofNone(X86_64));
    assertThat(logs.accept(entry(1, 7, 83))).isEmpty();
  }

  @Test
  void threadsAreToldApart() {
    assertThat(accept(entry(1, 7, 41), new CallExit(2, 8, 41, -13), new CallExit(3, 7, 41, -13)))
        .extracting(CallAnswer::thread)
        .containsExactly(8);
  }

  @Test
  void aCallThatHadBegunBeforeIsUndecided() {
    matcher.use(TABLE, TABLE, Map.of(5, 41L, 6, CallMatcher.RUNNING), 0);
    assertThat(accept(new CallExit(1, 5, 41, -13), new CallExit(1, 6, 41, -13))).isEmpty();
    assertThat(matcher.undecided()).isEqualTo(2);
    assertThat(accept(new CallExit(2, 5, 41, -13), new CallExit(2, 6, 41, -13))).hasSize(2);
  }

  /// Some began before more calls were traced, and ended before it was asked which were running.
  @Test
  void whatEndedBeforeThatWasAskedIsUndecided() {
    matcher.use(TABLE, TABLE, Map.of(5, 90L, 6, 41L), 10);
    assertThat(accept(new CallExit(4, 5, 41, -13), new CallExit(9, 7, 41, -13))).isEmpty();
    // What is older says nothing of what a thread was in then.
    assertThat(accept(entry(3, 6, 90), new CallExit(4, 6, 90, -1))).isEmpty();
    assertThat(accept(new CallExit(11, 6, 41, -13))).isEmpty();
    assertThat(matcher.undecided()).isEqualTo(3);
    assertThat(accept(new CallExit(12, 5, 41, -13), new CallExit(12, 6, 41, -13))).hasSize(2);
  }

  /// The beginning may be lost on one processor while the end is there on another.
  @Test
  void aLossPutsAllInDoubtUntilItsEnd() {
    assertThat(
            accept(
                new EventLoss(5, 10, 3),
                entry(6, 7, 41),
                new CallExit(7, 7, 41, 3),
                new CallExit(8, 7, 41, -13)))
        .isEmpty();
    assertThat(matcher.undecided()).isOne();
  }

  /// It can have had no beginning.
  @Test
  void whatIsRefusedWithAllArgumentsIsDecidedAnyhow() {
    matcher.use(TABLE, TABLE, Map.of(6, CallMatcher.RUNNING), 0);
    assertThat(
            accept(new CallExit(1, 6, 90, -1), new EventLoss(1, 2, 9), new CallExit(3, 7, 90, -1)))
        .hasSize(2);
    assertThat(matcher.undecided()).isZero();
    assertThat(matcher.lost()).isEqualTo(9);
  }

  /// As those are that are killed in a call: the kernel lost nothing.
  @Test
  void threadsThatNeverComeBackAreNoLoss() {
    for (int thread = 0; thread <= 1 << 16; thread++) {
      assertThat(accept(entry(1, thread, 41))).isEmpty();
    }
    assertThat(matcher.lost()).isZero();
    assertThat(accept(new CallExit(2, 7, 41, -13))).isEmpty();
    assertThat(matcher.undecided()).isOne();
  }

  @Test
  void afterALossTheFirstOfEachThreadIsUndecided() {
    assertThat(
            accept(
                entry(1, 7, 41),
                new EventLoss(1, 2, 1),
                new CallExit(3, 7, 41, -13),
                new CallExit(4, 7, 41, -13),
                new ThreadBirth(5, 7, 9),
                new CallExit(6, 9, 41, -13)))
        .extracting(CallAnswer::nanos)
        .containsExactly(4L, 6L);
    assertThat(matcher.undecided()).isOne();
  }

  /// Its first event is the end of the call that made it.
  @Test
  void aNewThreadIsNoRefusal() throws IOException {
    RefusalTable table =
        RefusalTable.of(X86_64, Filters.of(FilteredThread.answering(56, 0x50001)), Bounds.SMALL);
    CallMatcher clones = new CallMatcher(table, table);
    assertThat(clones.accept(new CallExit(1, 9, 56, 0))).isEmpty();
    assertThat(clones.accept(new CallExit(2, 9, 56, -1))).isPresent();
  }

  /// Nor where a filter refuses such a call with the result 0.
  @Test
  void aNewThreadIsNoRefusalThatFakesSuccess() throws IOException {
    RefusalTable table =
        RefusalTable.of(X86_64, Filters.of(FilteredThread.answering(56, 0x50000)), Bounds.SMALL)
            .or(RefusalTable.of(X86_64, Filters.NONE, Bounds.SMALL));
    CallMatcher clones = new CallMatcher(table, table);
    assertThat(clones.accept(new ThreadBirth(1, 8, 9))).isEmpty();
    assertThat(clones.accept(new CallExit(2, 9, 56, 0))).isEmpty();
    assertThat(clones.undecided()).isOne();
    assertThat(clones.accept(new CallExit(3, 9, 56, 0))).isPresent();
  }
}
