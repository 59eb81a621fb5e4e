package dev.portcullis.seccomp.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {
  private static final Instruction ALLOW = Instruction.of(0x06, 0x7fff0000);
  private static final Call CALL =
      Call.of(0xC000003E, 57, 0x1_0000_0002L, -1, 0x8000_0000_0000_0000L);

  static Program program(Instruction... instructions) {
    return switch (Program.of(List.of(instructions))) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  private static String refusal(Instruction... instructions) {
    return switch (Program.of(List.of(instructions))) {
      case ProgramCheck.Accepted(Program program) ->
          throw new AssertionError("accepted\n" + program);
      case ProgramCheck.Refused refused -> refused.toString();
    };
  }

  /// The accumulator after an instruction, with what was loaded into A and X before.
  @ParameterizedTest
  @CsvSource({
    "0x04, 0xffffffff, 2, 0x1", // A + K, modulo 2^32
    "0x14, 0x1, 2, 0xffffffff",
    "0x24, 0x10000, 0x10001, 0x10000",
    "0x34, 0xfffffffe, 2, 0x7fffffff", // unsigned
    "0x44, 0x5, 0xa, 0xf",
    "0x54, 0xff, 0x3c, 0x3c",
    "0x64, 0x3, 31, 0x80000000",
    "0x74, 0x80000000, 31, 0x1",
    "0xa4, 0xff, 0xf, 0xf0",
    "0x84, 0x1, 0, 0xffffffff",
    "0x6c, 0x1, 33, 0x2", // of a distance in X five bits count
    "0x7c, 0x4, 33, 0x2",
    "0x3c, 0x7, 0, 0x0", // A / X with X = 0 returns 0
    "0x3c, 0x7, 2, 0x3",
  })
  void arithmetic(String code, String a, String operand, String result) {
    int k = Long.decode(operand).intValue();
    Program program =
        program(
            Instruction.of(0x01, k),
            Instruction.of(0x00, Long.decode(a).intValue()),
            Instruction.of(Integer.decode(code), k),
            Instruction.of(0x16, 0));
    assertThat(program.run(CALL)).isEqualTo(Long.decode(result).intValue());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x39",
    "4, 0xC000003E",
    "16, 2",
    "20, 1",
    "24, 0xffffffff",
    "28, 0xffffffff",
    "32, 0",
    "36, 0x80000000",
    "60, 0"
  })
  void loadsTheWordsOfACall(int offset, String value) {
    Program program = program(Instruction.of(0x20, offset), Instruction.of(0x16, 0));
    assertThat(program.run(CALL)).isEqualTo(Long.decode(value).intValue());
  }

  @ParameterizedTest
  @CsvSource({
    "0x15, 57, true",
    "0x15, 58, false",
    "0x25, 57, false",
    "0x25, 56, true",
    "0x25, 0xffffffff, false", // unsigned
    "0x35, 57, true",
    "0x35, 58, false",
    "0x45, 0x8, true",
    "0x45, 0x6, false",
  })
  void branches(String code, String k, boolean holds) {
    Program program =
        program(
            Instruction.of(0x20, 0),
            new Instruction(Integer.decode(code), 1, 0, Long.decode(k).intValue()),
            Instruction.of(0x06, 1),
            Instruction.of(0x06, 2));
    assertThat(program.run(CALL)).isEqualTo(holds ? 2 : 1);
  }

  @Test
  void whatTheKernelRefuses() {
    Instruction load = Instruction.of(0x60, 3);
    assertThat(refusal()).contains("at least one");
    assertThat(Program.of(Collections.nCopies(4096, ALLOW)))
        .isInstanceOf(ProgramCheck.Accepted.class);
    assertThat(refusal(Collections.nCopies(4097, ALLOW).toArray(Instruction[]::new)))
        .contains("4097 instructions; the kernel takes 4096");
    assertThat(refusal(Instruction.of(0x20, 64), ALLOW)).contains("instruction 0", "offset 64");
    assertThat(refusal(Instruction.of(0x20, 2), ALLOW)).contains("no word");
    assertThat(refusal(Instruction.of(0x20, -4), ALLOW)).contains("offset 4294967292");
    assertThat(refusal(Instruction.of(0x28, 0), ALLOW)).contains("no instruction 0x28");
    assertThat(refusal(Instruction.of(0x94, 3), ALLOW)).contains("no instruction 0x94");
    assertThat(refusal(Instruction.of(0x34, 0), ALLOW)).contains("divides by 0");
    assertThat(refusal(Instruction.of(0x64, 32), ALLOW)).contains("shifts by 32");
    assertThat(refusal(Instruction.of(0x02, 16), ALLOW)).contains("M[16]");
    assertThat(refusal(Instruction.of(0x05, 1), ALLOW)).contains("past the end");
    assertThat(refusal(Instruction.of(0x05, -1), ALLOW)).contains("past the end");
    assertThat(refusal(new Instruction(0x15, 0, 1, 0), ALLOW)).contains("past the end");
    assertThat(refusal(ALLOW, Instruction.of(0x20, 0))).contains("must be a return", "A = nr");
    assertThat(refusal(load, ALLOW)).contains("reads M[3]");
    // written on one of the two ways only
    assertThat(refusal(new Instruction(0x15, 0, 1, 0), Instruction.of(0x02, 3), load, ALLOW))
        .contains("instruction 2", "reads M[3]");
    program(Instruction.of(0x02, 3), new Instruction(0x15, 0, 0, 0), load, ALLOW);
    assertThat(Program.decode(new byte[12], ByteOrder.LITTLE_ENDIAN))
        .hasToString("instruction 1: the last instruction is incomplete");
  }

  @Test
  void bytesThereAndBack() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    List<Instruction> body = new ArrayList<>(new RandomPrograms(random).body(50, false));
    Program program = program(body.toArray(Instruction[]::new));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      assertThat(Program.decode(program.encode(order), order))
          .isEqualTo(new ProgramCheck.Accepted(program));
    }
  }

  @Test
  void asText() {
    assertThat(
            program(
                Instruction.of(0x20, 4),
                new Instruction(0x15, 1, 0, 0xC000003E),
                Instruction.of(0x06, 0),
                Instruction.of(0x20, 20),
                Instruction.of(0x54, 0xff),
                new Instruction(0x2d, 0, 1, 0),
                Instruction.of(0x06, 0x50026),
                ALLOW))
        .hasToString(
            """
            0: A = arch
            1: if A == 0xc000003e goto 3 else 2
            2: return 0x0 KILL_THREAD
            3: A = arg0.high
            4: A = A & 0xff
            5: if A > X goto 6 else 7
            6: return 0x50026 ENOSYS
            7: return 0x7fff0000 ALLOW\
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "0x80000000, KILL_PROCESS",
    "0x00000007, KILL_THREAD",
    "0x00030007, TRAP 7",
    "0x0005ffff, errno 4095",
    "0x00050000, errno 0",
    "0x7fc00007, USER_NOTIF",
    "0x7ff00007, TRACE 7",
    "0x7ffc0007, LOG",
    "0x7fff0007, ALLOW",
    "0x00010000, KILL_PROCESS", // unknown to every kernel
    "0x7ffe0000, KILL_PROCESS",
  })
  void valuesAsTheKernelReadsThem(String value, String verdict) {
    assertThat(Verdict.of(Long.decode(value).intValue())).hasToString(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "0x7fff0000, 0x50001, EPERM",
    "0x50001, 0x50002, EPERM", // the newer of equals
    "0x50001, 0x0, KILL_THREAD",
    "0x0, 0x80000000, KILL_PROCESS",
    "0x00010000, 0x0, KILL_THREAD", // compared before they are read
  })
  void theMostSevereOfSeveralCounts(String newer, String older, String verdict) {
    Filters filters =
        new Filters(
            List.of(
                program(Instruction.of(0x06, Long.decode(newer).intValue())),
                program(Instruction.of(0x06, Long.decode(older).intValue()))));
    assertThat(filters.run(CALL)).hasToString(verdict);
    assertThat(Filters.NONE.run(CALL)).hasToString("ALLOW");
  }
}
