package dev.portcullis.seccomp.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectsTest {
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();

  private static final String RULES =
      "{'names':['read','write','clone','socket'],'action':'SCMP_ACT_ALLOW'},"
          + "{'names':['unshare'],'action':'SCMP_ACT_ALLOW',"
          + "'args':[{'index':0,'value':268435456,'valueTwo':0,'op':'SCMP_CMP_MASKED_EQ'}]},"
          + "{'names':['personality'],'action':'SCMP_ACT_KILL',"
          + "'args':[{'index':0,'value':8,'op':'SCMP_CMP_NE'}]}";

  private static Filters filters(String rules) {
    Profile profile =
        Profiles.profile(
            "{'defaultAction':'SCMP_ACT_ERRNO','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86'],"
                + "'syscalls':["
                + rules
                + "]}");
    return switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.RUNC)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    };
  }

  private static Effects effects(Filters filters, Architecture... architectures) {
    return switch (Effects.of(filters, List.of(architectures), TABLE)) {
      case Analysis.Understood(Effects effects) -> effects;
      case Analysis.Undecided<Effects> undecided -> throw new AssertionError(undecided);
    };
  }

  private static List<String> words(List<Effect> effects) {
    return effects.stream()
        .map(each -> each.verdict() + " " + ConditionText.of(each.condition(), each.names()))
        .toList();
  }

  @Test
  void eachCallByItsName() {
    Map<String, List<Effect>> calls =
        effects(filters(RULES), Architecture.X86_64).architectures().getFirst().byName();
    assertThat(calls.keySet()).hasSize(TABLE.of(Architecture.X86_64).size());
    assertThat(words(calls.getOrDefault("write", List.of()))).containsExactly("ALLOW ");
    assertThat(words(calls.getOrDefault("mkdir", List.of()))).containsExactly("EPERM ");
    assertThat(words(calls.getOrDefault("unshare", List.of())))
        .containsExactly(
            "ALLOW flags has none of 0x10000000 (CLONE_NEWUSER)",
            "EPERM flags has 0x10000000 (CLONE_NEWUSER)");
    assertThat(words(calls.getOrDefault("personality", List.of())))
        .containsExactly(
            "EPERM persona is 8 and its upper 32 bits are 0",
            "KILL_THREAD persona is not 8 or its upper 32 bits are not 0");
  }

  @Test
  void otherArchitectures() {
    Effects effects = effects(filters(RULES), Architecture.AARCH64, Architecture.X86);
    assertThat(effects.architectures().getFirst().effects())
        .singleElement()
        .satisfies(all -> assertThat(all.verdict().kind()).isEqualTo(Kind.KILL_THREAD));
    assertThat(effects.architectures().getLast().byName().get("mkdir")).hasSize(1);
    assertThat(effects.elsewhere()).singleElement().hasToString("KILL_THREAD");
  }

  @Test
  void withoutAFilterEverythingPassesAndCostsNothing() {
    Effects effects = effects(Filters.NONE, Architecture.X86_64);
    assertThat(effects.architectures().getFirst().effects())
        .singleElement()
        .satisfies(all -> assertThat(all.verdict().kind()).isEqualTo(Kind.ALLOW));
    Cost cost = Cost.of(Filters.NONE, List.of(Architecture.X86_64), TABLE);
    assertThat(cost.instructions()).isZero();
    assertThat(cost.architectures().getFirst().typical()).isZero();
  }

  /// libseccomp looks at arguments only where a rule does, so what always passes passes without the
  /// filter being run.
  @Test
  void theBitmapHasWhatPassesForAllArguments() {
    Filters filters = filters(RULES);
    Program program = filters.newestFirst().getFirst();
    Map<String, List<Effect>> calls =
        effects(filters, Architecture.X86_64).architectures().getFirst().byName();
    TABLE
        .of(Architecture.X86_64)
        .forEach((number, name) -> {
          List<Effect> does = calls.getOrDefault(name, List.of());
          boolean always = does.size() == 1 && does.getFirst().verdict().kind() == Kind.ALLOW;
          assertThat(program.isConstantAllow(Architecture.X86_64.token(), number))
              .as(name)
              .isEqualTo(always);
        });
    Cost.OfArchitecture cost =
        Cost.of(filters, List.of(Architecture.X86_64), TABLE).architectures().getFirst();
    assertThat(cost.allowed()).isEqualTo(5);
    assertThat(cost.constant()).isEqualTo(4);
    assertThat(
            Cost.of(filters, List.of(Architecture.X32), TABLE)
                .architectures()
                .getFirst()
                .constant())
        .isZero();
  }

  @Test
  void instructionsAreCounted() {
    Program program =
        switch (Program.of(
            List.of(
                Instruction.of(0x20, 0),
                new Instruction(0x15, 1, 0, 7),
                Instruction.of(0x06, 0),
                Instruction.of(0x20, 16),
                new Instruction(0x45, 0, 1, 1),
                Instruction.of(0x04, 1),
                Instruction.of(0x06, 0x7fff0000)))) {
          case ProgramCheck.Accepted(Program accepted) -> accepted;
          case ProgramCheck.Refused refused -> throw new AssertionError(refused);
        };
    assertThat(program.steps(Call.of(1, 0))).isEqualTo(3);
    assertThat(program.steps(Call.of(1, 7))).isEqualTo(5);
    assertThat(program.steps(Call.of(1, 7, 1))).isEqualTo(6);
    assertThat(program.longestPath()).isEqualTo(6);
    assertThat(program.isConstantAllow(1, 7)).isFalse();
    assertThat(program.run(Call.of(1, 7))).isEqualTo(0x7fff0000);
  }
}
