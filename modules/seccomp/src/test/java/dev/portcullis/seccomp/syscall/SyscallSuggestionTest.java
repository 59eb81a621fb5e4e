package dev.portcullis.seccomp.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyscallSuggestionTest {
  private static final Set<String> KNOWN = known();

  private static Set<String> known() {
    SyscallTable table = SyscallTable.ofThisMachine();
    Set<String> known = new TreeSet<>(table.of(Architecture.X86_64).values());
    known.addAll(table.of(Architecture.X86).values());
    return known;
  }

  @ParameterizedTest
  @CsvSource({
    "mkdri, mkdir",
    "sched_setaffinty, sched_setaffinity",
    "MKDIR, mkdir",
    "SCMP_SYS(accept4), accept4",
    "__NR_openat, openat",
    "SYS_openat, openat",
    "sys_openat, openat",
    "__x64_sys_openat, openat",
    "mount(), mount",
    "newuname, uname",
    "pread, pread64",
    "prlimit, prlimit64",
  })
  void whatWasMeant(String written, String meant) {
    assertThat(SyscallSuggestion.of(written, KNOWN)).contains(meant);
  }

  /// Calls of tomorrow look like these.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "openat3",
        "clone4",
        "futex_waitw",
        "faccessat9",
        "preadv3",
        "pselect7",
        "no_such_call",
        "x",
      })
  void notOneThatIsMerelyLikeIt(String written) {
    assertThat(SyscallSuggestion.of(written, KNOWN)).isEmpty();
  }

  /// Each call was unknown once: who did not know it must not have said that another one was meant.
  @Test
  void ofACallThatIsMerelyNewerNoOtherOneIsSuggested() {
    Set<String> before = new TreeSet<>(KNOWN);
    before.removeAll(NewerCalls.load().names());
    assertThat(NewerCalls.load().names())
        .hasSizeGreaterThan(30)
        .allSatisfy(name -> assertThat(SyscallSuggestion.of(name, before)).as(name).isEmpty());
  }

  @Test
  void endlessTextIsNotCompared() {
    assertThat(SyscallSuggestion.of("a".repeat(1_000_000), KNOWN)).isEmpty();
  }
}
