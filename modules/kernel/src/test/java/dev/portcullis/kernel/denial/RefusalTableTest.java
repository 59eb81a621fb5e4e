package dev.portcullis.kernel.denial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.meaning.Bounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTableTest {
  private static final int X86_64 = 0xc000003e;

  /// So many answers to each call, by its first argument.
  private static Filters answering(int first, int count) {
    List<Instruction> instructions = new ArrayList<>(List.of(Instruction.of(0x20, 16)));
    for (int i = 0; i < count; i++) {
      instructions.add(new Instruction(0x15, 0, 1, i));
      instructions.add(Instruction.of(0x06, 0x50000 | (first + i)));
    }
    instructions.add(Instruction.of(0x06, Filters.ALLOW));
    return switch (Program.of(instructions)) {
      case ProgramCheck.Accepted(Program program) -> Filters.of(program);
      case ProgramCheck.Refused refused -> throw new AssertionError(refused);
    };
  }

  /// Else a process could fill the memory of who watches it.
  @Test
  void tooManyAnswersAreRefused() throws IOException {
    RefusalTable one = RefusalTable.of(X86_64, answering(1, 100), Bounds.SMALL);
    assertThat(one.or(one).refusal(new CallExit(1, 7, 90, -100))).isPresent();
    RefusalTable other = RefusalTable.of(X86_64, answering(1000, 100), Bounds.SMALL);
    assertThatThrownBy(() -> one.or(other)).hasMessageContaining("more than 100000 answers");
    assertThatThrownBy(() -> RefusalTable.of(X86_64, answering(1, 200), Bounds.SMALL))
        .hasMessageContaining("more than 100000 answers");
  }

  @Test
  void ofNoneRefusesNothing() {
    RefusalTable none = RefusalTable.ofNone(X86_64);
    assertThat(none.refusal(new CallExit(1, 7, 90, -1))).isEmpty();
  }
}
