package dev.portcullis.seccomp.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.bpf.RandomPrograms;
import dev.portcullis.seccomp.bpf.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterSemanticsTest {
  private static final int X86_64 = 0xC000003E;
  private static final Instruction DENY = Instruction.of(0x06, 0x50001);
  private static final Instruction ALLOW = Instruction.of(0x06, 0x7fff0000);

  private static Program program(Instruction... instructions) {
    return program(List.of(instructions));
  }

  private static Program program(List<Instruction> instructions) {
    return switch (Program.of(instructions)) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  private static List<FilterSemantics> understood(Filters... filters) {
    return switch (FilterSemantics.ask(List.of(filters), all -> all)) {
      case Analysis.Understood(List<FilterSemantics> meanings) -> meanings;
      case Analysis.Undecided(String reason) -> throw new AssertionError(reason);
    };
  }

  private static FilterSemantics meaning(Instruction... instructions) {
    return understood(Filters.of(program(instructions))).getFirst();
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Test
  void whatIsComputedWithConstantsIsWhatTheInterpreterSays() {
    RandomGenerator random = random(1);
    RandomPrograms programs = new RandomPrograms(random);
    int understood = 0;
    for (int i = 0; i < 150; i++) {
      if (!(Program.of(programs.body(1 + random.nextInt(20), true))
          instanceof ProgramCheck.Accepted(Program program))) {
        continue;
      }
      Filters filters = Filters.of(program);
      if (!(FilterSemantics.ask(List.of(filters), all -> all)
          instanceof Analysis.Understood(List<FilterSemantics> meanings))) {
        continue;
      }
      understood++;
      for (int j = 0; j < 200; j++) {
        Call call = programs.call(j % 2 == 0 ? X86_64 : programs.constant(), programs.constant());
        assertThat(meanings.getFirst().verdict(call))
            .as("program %s, %s\n%s", i, call, program)
            .isEqualTo(filters.run(call));
      }
    }
    assertThat(understood).isGreaterThan(60);
  }

  /// The program computes `word 4 OP X` with the one or the other a constant or few bits.
  @ParameterizedTest
  @ValueSource(
      ints = {
        0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74,
        0x7c, 0xa4, 0xac, 0x84
      })
  void everyInstructionComputes(int code) {
    RandomGenerator random = random(code);
    RandomPrograms programs = new RandomPrograms(random);
    for (int i = 0; i < 20; i++) {
      boolean shift = code == 0x64 || code == 0x74;
      int constant = shift ? random.nextInt(32) : 1 + random.nextInt(1000);
      Program program =
          program(
              Instruction.of(0x20, 24), // X = four bits of argument 1
              Instruction.of(0x54, 15),
              Instruction.of(0x07, 0),
              Instruction.of(0x20, 16), // A = eight bits of argument 0, at any place
              Instruction.of(0x54, 0xff << random.nextInt(24)),
              Instruction.of(code, constant),
              new Instruction(
                  i % 2 == 0 ? 0x25 : 0x15, 0, 1, i % 2 == 0 ? programs.constant() : constant),
              DENY,
              ALLOW);
      Filters filters = Filters.of(program);
      FilterSemantics meaning = understood(filters).getFirst();
      for (int j = 0; j < 500; j++) {
        Call call =
            j % 2 == 0
                ? programs.call(X86_64, 1)
                : Call.of(X86_64, 1, random.nextInt(), random.nextInt(16));
        assertThat(meaning.verdict(call)).as("%s\n%s", call, program).isEqualTo(filters.run(call));
      }
    }
  }

  @Test
  void argumentsAreComparedWithEachOther() {
    Program program =
        program(
            Instruction.of(0x20, 16),
            Instruction.of(0x07, 0),
            Instruction.of(0x20, 40),
            new Instruction(0x2d, 0, 1, 0),
            DENY,
            ALLOW);
    FilterSemantics meaning = understood(Filters.of(program)).getFirst();
    assertThat(meaning.verdict(Call.of(X86_64, 1, 5, 0, 0, 6))).hasToString("EPERM");
    assertThat(meaning.verdict(Call.of(X86_64, 1, 6, 0, 0, 6))).hasToString("ALLOW");
    assertThat(meaning.verdict(Call.of(X86_64, 1, -1, 0, 0, 0))).hasToString("ALLOW");
  }

  @Test
  void whatCannotBeDecidedIsNotGuessed() {
    List<Instruction> product = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      product.add(Instruction.of(0x20, 16 + 8 * i));
      product.add(Instruction.of(0x2c, 0));
      product.add(Instruction.of(0x04, 0x1234567));
      product.add(Instruction.of(0x07, 0));
    }
    product.add(1, Instruction.of(0x07, 0));
    product.add(new Instruction(0x15, 0, 1, 77));
    product.add(DENY);
    product.add(ALLOW);
    assertThat(FilterSemantics.ask(List.of(Filters.of(program(product))), all -> all))
        .isInstanceOfSatisfying(
            Analysis.Undecided.class,
            undecided -> assertThat(undecided.reason()).contains("too complex", " more than "));
  }

  @Test
  void sameMeaningWhateverTheInstructions() {
    // number 5 or 7 denied: a list, and arithmetic
    Filters list =
        Filters.of(
            program(
                Instruction.of(0x20, 0),
                new Instruction(0x15, 1, 0, 5),
                new Instruction(0x15, 0, 1, 7),
                DENY,
                ALLOW));
    Filters tricky =
        Filters.of(
            program(
                Instruction.of(0x20, 0),
                Instruction.of(0x02, 3),
                Instruction.of(0x44, 2),
                Instruction.of(0x14, 7),
                Instruction.of(0x07, 0),
                Instruction.of(0x00, 0),
                new Instruction(0x1d, 1, 0, 0),
                ALLOW,
                DENY));
    Filters other =
        Filters.of(program(Instruction.of(0x20, 0), new Instruction(0x15, 0, 1, 5), DENY, ALLOW));
    List<FilterSemantics> meanings = understood(list, tricky, other);
    assertThat(meanings.get(0).sameAs(meanings.get(1))).isTrue();
    assertThat(meanings.get(0).differences(meanings.get(1))).isEmpty();
    Map<FilterSemantics.Pair, CallSet> differences = meanings.get(0).differences(meanings.get(2));
    assertThat(differences.keySet())
        .containsExactly(new FilterSemantics.Pair(Verdict.of(0x50001), Verdict.of(0x7fff0000)));
    CallSet calls = differences.values().iterator().next();
    assertThat(calls.witness()).isEqualTo(Call.of(0, 7));
    assertThat(calls.ofArchitecture(X86_64).witness()).isEqualTo(Call.of(X86_64, 7));
    assertThat(calls.ofNumbers(1, 0).isEmpty()).isTrue();
    CallSet.SameArguments only = calls.byArguments(X86_64).getFirst();
    assertThat(only.numbers().ranges(2)).containsExactly(new Range(7, 7));
    assertThat(only.condition().isAlways()).isTrue();
  }

  @Test
  void severalFiltersAreOneMeaning() {
    Program first = program(Instruction.of(0x20, 0), new Instruction(0x15, 0, 1, 5), DENY, ALLOW);
    Program second =
        program(
            Instruction.of(0x20, 0),
            new Instruction(0x35, 0, 1, 5),
            Instruction.of(0x06, 0x50002),
            Instruction.of(0x06, 0x7ffc0000));
    FilterSemantics both = understood(new Filters(List.of(first, second))).getFirst();
    FilterSemantics turned = understood(new Filters(List.of(second, first))).getFirst();
    assertThat(both.verdict(Call.of(1, 5))).hasToString("EPERM");
    assertThat(turned.verdict(Call.of(1, 5))).hasToString("ENOENT");
    assertThat(both.verdict(Call.of(1, 6))).hasToString("ENOENT");
    assertThat(both.verdict(Call.of(1, 4))).hasToString("LOG");
  }

  /// Values in the accumulator are returned as well as constants.
  @Test
  void returnedArguments() {
    FilterSemantics meaning =
        meaning(
            Instruction.of(0x20, 16),
            Instruction.of(0x54, 0x7),
            Instruction.of(0x44, 0x50000),
            Instruction.of(0x16, 0));
    assertThat(meaning.verdict(Call.of(1, 1, 0xfd))).hasToString("EIO");
    assertThat(meaning.verdicts()).hasSize(8);
  }

  private static String condition(Instruction... instructions) {
    CallSet denied = meaning(instructions).verdicts().get(Verdict.of(0x50001));
    if (denied == null) {
      throw new AssertionError("nothing is denied");
    }
    CallCondition condition = denied.byArguments(X86_64).getFirst().condition();
    assertThat(condition.complete()).isTrue();
    return condition.alternatives().toString();
  }

  @Test
  void conditionsAsPeopleWriteThem() {
    assertThat(
            condition(
                Instruction.of(0x20, 20),
                new Instruction(0x15, 0, 3, 0),
                Instruction.of(0x20, 16),
                new Instruction(0x15, 0, 1, 40),
                DENY,
                ALLOW))
        .isEqualTo(
            "[Alternative[tests=[Test[value=0, values=Within[ranges=[Range[from=40, to=40]]]]]]]");
    assertThat(
            condition(Instruction.of(0x20, 16), new Instruction(0x45, 0, 1, 0x7e02), DENY, ALLOW))
        .isEqualTo("[Alternative[tests=[Test[value=0, values=NotMasked[mask=32258, bits=0]]]]]");
    assertThat(
            condition(
                Instruction.of(0x20, 24),
                Instruction.of(0x54, 0xf0),
                new Instruction(0x15, 0, 1, 0x30),
                DENY,
                ALLOW))
        .isEqualTo("[Alternative[tests=[Test[value=1, values=Masked[mask=240, bits=48]]]]]");
  }
}
