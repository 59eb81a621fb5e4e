package dev.portcullis.kernel.denial;

import static dev.portcullis.kernel.denial.CallMatcherTest.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusedCallsTest {
  private static final int SOCKET = 41;

  /// A process can give itself ever new filters, and each takes its time.
  @Test
  void noMoreThanSomeFiltersAreAskedForConditions() {
    SyscallTable table = SyscallTable.ofThisMachine();
    assumeFalse(table.of(Architecture.X86_64).isEmpty(), "needs libseccomp");
    List<Filters> filters =
        IntStream.range(0, RefusedCalls.MOST_UNDERSTOOD + 5)
            .mapToObj(domain ->
                Filters.of(
                    program(
                        Instruction.of(0x20, 0),
                        new Instruction(0x15, 0, 3, SOCKET),
                        Instruction.of(0x20, 16),
                        new Instruction(0x15, 0, 1, domain),
                        Instruction.of(0x06, 0x50001),
                        Instruction.of(0x06, Filters.ALLOW))))
            .toList();
    Denial<String> denial =
        new Denial<>("x", SOCKET, Verdict.of(0x50001), -1, "", 1, Instant.EPOCH, Instant.EPOCH);
    RefusedCalls names = new RefusedCalls(Architecture.X86_64, table, Bounds.SMALL);
    assertThat(names.of(denial, filters).changes())
        .hasSize(RefusedCalls.MOST_UNDERSTOOD)
        .contains("socket:domain==0");
    assertThat(names.of(denial, filters.reversed().subList(0, 5)).changes())
        .containsExactly("socket");
  }
}
