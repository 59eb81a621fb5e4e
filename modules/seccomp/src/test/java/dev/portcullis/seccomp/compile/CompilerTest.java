package dev.portcullis.seccomp.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CompilerTest {
  private static final int X86_64 = 0xC000003E;
  private static final int I386 = 0x40000003;
  private static final int AARCH64 = 0xC00000B7;
  private static final int X32 = 0x40000000;
  private static final Compiler COMPILER = Compiler.inThisProcess();

  private static Compilation.Compiled compiled(Profile profile, Dialect dialect) {
    return switch (COMPILER.compile(Profiles.resolved(profile), dialect)) {
      case Compilation.Compiled compiled -> compiled;
      case Compilation.Refused(String reason) -> throw new AssertionError(reason);
      case Compilation.Undecided(String reason) -> throw new AssertionError(reason);
      case Compilation.Unavailable(String reason) -> throw new AssertionError(reason);
    };
  }

  private static Program program(Profile profile, Dialect dialect) {
    return compiled(profile, dialect).program();
  }

  private static String verdict(Program program, int architecture, int number, long... arguments) {
    return Filters.of(program).run(Call.of(architecture, number, arguments)).toString();
  }

  private static Profile three(String defaultAction, String rules) {
    return Profiles.profile(
        "{'defaultAction':'SCMP_ACT_"
            + defaultAction
            + "','architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32'],"
            + "'syscalls':["
            + rules
            + "]}");
  }

  @Test
  void everyArchitectureHasItsOwnNumbers() {
    Program program =
        program(
            three("ERRNO", "{'names':['mkdir','read'],'action':'SCMP_ACT_ALLOW'}"), Dialect.CRUN);
    assertThat(verdict(program, X86_64, 83)).isEqualTo("ALLOW");
    assertThat(verdict(program, I386, 39)).isEqualTo("ALLOW");
    assertThat(verdict(program, X86_64, X32 + 83)).isEqualTo("ALLOW");
    assertThat(verdict(program, X86_64, 84)).isEqualTo("EPERM");
    // an architecture that is not listed
    assertThat(verdict(program, AARCH64, 34)).isEqualTo("KILL_THREAD");
  }

  @Test
  void unknownNamesAreSkippedAndReported() {
    Compilation.Compiled compiled =
        compiled(
            Profiles.with(
                "ALLOW", "{'names':['mkdri','mkdir','a\\u0000b'],'action':'SCMP_ACT_ERRNO'}"),
            Dialect.RUNC);
    assertThat(compiled.skipped()).extracting(SyscallName::name).containsExactly("mkdri", "a\0b");
    assertThat(verdict(compiled.program(), X86_64, 83)).isEqualTo("EPERM");
  }

  @Test
  void ruleLikeTheDefaultIsSkippedUnlessItsErrnoDiffers() {
    String rules =
        "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO'},"
            + "{'names':['rmdir'],'action':'SCMP_ACT_ERRNO','errnoRet':30}";
    Program program = program(Profiles.with("ERRNO", rules), Dialect.CRUN);
    assertThat(verdict(program, X86_64, 83)).isEqualTo("EPERM");
    assertThat(verdict(program, X86_64, 84)).isEqualTo("EROFS");
  }

  @Test
  void conditionsOnOneArgumentAreAlternatives() {
    String or =
        "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':["
            + "{'index':0,'value':10,'op':'SCMP_CMP_GE'},{'index':0,'value':3,'op':'SCMP_CMP_LT'}]}";
    String and =
        "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':["
            + "{'index':0,'value':10,'op':'SCMP_CMP_GE'},{'index':1,'value':3,'op':'SCMP_CMP_LT'}]}";
    for (Dialect dialect : Dialect.values()) {
      Program either = program(Profiles.with("ALLOW", or), dialect);
      assertThat(verdict(either, X86_64, 41, 11)).isEqualTo("EPERM");
      assertThat(verdict(either, X86_64, 41, 2)).isEqualTo("EPERM");
      assertThat(verdict(either, X86_64, 41, 5)).isEqualTo("ALLOW");
      Program both = program(Profiles.with("ALLOW", and), dialect);
      assertThat(verdict(both, X86_64, 41, 11, 2)).isEqualTo("EPERM");
      assertThat(verdict(both, X86_64, 41, 11, 3)).isEqualTo("ALLOW");
      assertThat(verdict(both, X86_64, 41, 9, 2)).isEqualTo("ALLOW");
    }
  }

  @Test
  void newerCallsThanTheProfileKnowsGetEnosysFromRunc() {
    Profile profile = three("ERRNO", "{'names':['mkdir','rmdir'],'action':'SCMP_ACT_ALLOW'}");
    Program runc = program(profile, Dialect.RUNC);
    assertThat(verdict(runc, X86_64, 82)).isEqualTo("EPERM");
    assertThat(verdict(runc, X86_64, 84)).isEqualTo("ALLOW");
    assertThat(verdict(runc, X86_64, 85)).isEqualTo("ENOSYS");
    assertThat(verdict(runc, X86_64, X32 + 84)).isEqualTo("ALLOW");
    assertThat(verdict(runc, X86_64, X32 + 85)).isEqualTo("ENOSYS");
    assertThat(verdict(runc, I386, 40)).isEqualTo("ALLOW");
    assertThat(verdict(runc, I386, 41)).isEqualTo("ENOSYS");
    assertThat(verdict(runc, AARCH64, 500)).isEqualTo("KILL_THREAD");
    assertThat(verdict(program(profile, Dialect.CRUN), X86_64, 85)).isEqualTo("EPERM");
    // not where the default lets calls through, nor, before 1.1.15, where no architecture is listed
    assertThat(
            verdict(
                program(
                    three("LOG", "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO'}"), Dialect.RUNC),
                X86_64,
                600))
        .isEqualTo("LOG");
    assertThat(
            verdict(
                program(
                    Profiles.with("KILL", "{'names':['mkdir'],'action':'SCMP_ACT_ALLOW'}"),
                    Dialect.RUNC_1_1),
                X86_64,
                600))
        .isEqualTo("KILL_THREAD");
    assertThat(
            verdict(
                program(
                    Profiles.with("KILL", "{'names':['mkdir'],'action':'SCMP_ACT_ALLOW'}"),
                    Dialect.RUNC),
                X86_64,
                600))
        .isEqualTo("ENOSYS");
  }

  /// What runc does, and not what it means to do.
  @Test
  void aDefaultOfEnosysHasThePrologueToo() {
    Profile profile =
        Profiles.profile(
            "{'defaultAction':'SCMP_ACT_KILL','defaultErrnoRet':38,"
                + "'syscalls':[{'names':['mkdir'],'action':'SCMP_ACT_ALLOW'}]}");
    assertThat(verdict(program(profile, Dialect.RUNC), X86_64, 600)).isEqualTo("ENOSYS");
    assertThat(verdict(program(profile, Dialect.CRUN), X86_64, 600)).isEqualTo("KILL_THREAD");
  }

  /// Two architectures of the kernel, in two places each: four programs, of one meaning.
  @Test
  void runcOrdersItsPrologueByChance() {
    Profile profile = three("ERRNO", "{'names':['mkdir','rmdir'],'action':'SCMP_ACT_ALLOW'}");
    Compilation.Compiled compiled =
        (Compilation.Compiled) COMPILER.compile(Profiles.resolved(profile), Dialect.RUNC);
    List<Instruction> instructions = new ArrayList<>(compiled.program().instructions());
    assertThat(compiled.spellings().include(compiled.program())).isTrue();
    Collections.swap(instructions, 1, 2);
    // the jumps are counted from where they stand
    Instruction first = instructions.get(1);
    Instruction second = instructions.get(2);
    instructions.set(1, new Instruction(first.code(), first.jt() + 1, 0, first.k()));
    assertThat(compiled.spellings().include(accepted(instructions))).isFalse();
    instructions.set(2, new Instruction(second.code(), second.jt() - 1, 0, second.k()));
    Program swapped = accepted(instructions);
    assertThat(swapped).isNotEqualTo(compiled.program());
    assertThat(compiled.spellings().include(swapped)).isTrue();
    for (int number = 0; number < 100; number++) {
      assertThat(verdict(swapped, X86_64, number))
          .isEqualTo(verdict(compiled.program(), X86_64, number));
      assertThat(verdict(swapped, I386, number))
          .isEqualTo(verdict(compiled.program(), I386, number));
    }
  }

  private static Program accepted(List<Instruction> instructions) {
    return switch (Program.of(instructions)) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused -> throw new AssertionError(refused);
    };
  }

  @Test
  void allDialectsAtOnce() {
    Profile profile =
        three(
            "ERRNO",
            "{'names':['mkdir'],'action':'SCMP_ACT_ALLOW','args':["
                + "{'index':0,'value':1,'op':'SCMP_CMP_EQ'},".repeat(6)
                + "{'index':0,'value':2,'op':'SCMP_CMP_EQ'}]}");
    Map<Dialect, Compilation> all = COMPILER.compileAll(Profiles.resolved(profile));
    assertThat(all).containsOnlyKeys(Dialect.values());
    for (Dialect dialect : Dialect.values()) {
      assertThat(((Compilation.Compiled) Objects.requireNonNull(all.get(dialect))).program())
          .isEqualTo(program(profile, dialect));
    }
    // crun up to 1.29 looks at the first six conditions
    assertThat(verdict(program(profile, Dialect.RUNC), X86_64, 83, 2)).isEqualTo("ALLOW");
    assertThat(verdict(program(profile, Dialect.CRUN), X86_64, 83, 2)).isEqualTo("ALLOW");
    assertThat(verdict(program(profile, Dialect.CRUN_1_29), X86_64, 83, 2)).isEqualTo("EPERM");
  }

  /// It looks at them alone to find out whether two are on one argument, too.
  @Test
  void theSeventhConditionMakesNoAlternativesUnderAnOlderCrun() {
    String first =
        IntStream.range(0, 6)
            .mapToObj("{'index':%d,'value':7,'op':'SCMP_CMP_EQ'},"::formatted)
            .collect(Collectors.joining());
    Profile profile =
        three(
            "ALLOW",
            "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO','args':["
                + first
                + "{'index':0,'value':8,'op':'SCMP_CMP_EQ'}]}");
    Program older = program(profile, Dialect.CRUN_1_29);
    assertThat(verdict(older, X86_64, 83, 7, 7, 7, 7, 7, 7)).isEqualTo("EPERM");
    assertThat(verdict(older, X86_64, 83, 7)).isEqualTo("ALLOW");
    assertThat(verdict(older, X86_64, 83, 8)).isEqualTo("ALLOW");
    for (Dialect dialect : List.of(Dialect.CRUN, Dialect.RUNC, Dialect.RUNC_1_1)) {
      assertThat(verdict(program(profile, dialect), X86_64, 83, 7)).isEqualTo("EPERM");
      assertThat(verdict(program(profile, dialect), X86_64, 83, 8)).isEqualTo("EPERM");
    }
  }

  @Test
  void manyRulesMakeATreeUnderRunc() {
    String calls =
        "'read','write','open','close','stat','fstat','lstat','poll','lseek','mmap','mprotect',"
            + "'munmap','brk','rt_sigaction','rt_sigprocmask','ioctl','pread64','pwrite64','readv',"
            + "'writev','access','pipe','select','sched_yield','mremap','msync','mincore','madvise',"
            + "'shmget','shmat','shmctl','dup','dup2'";
    Profile profile = Profiles.with("LOG", "{'names':[" + calls + "],'action':'SCMP_ACT_ALLOW'}");
    Program tree = program(profile, Dialect.RUNC);
    Program list = program(profile, Dialect.CRUN);
    // JGE on the number is what a tree has and a list has not
    assertThat(tree.instructions()).extracting(Instruction::code).contains(0x25);
    assertThat(list.instructions())
        .extracting(Instruction::code)
        .filteredOn(c -> c == 0x25)
        .isEmpty();
    for (int number = 0; number < 400; number++) {
      assertThat(verdict(tree, X86_64, number)).isEqualTo(verdict(list, X86_64, number));
    }
  }

  /// libseccomp 2.5 keeps the first of two rules for the same call.
  @Test
  void ofContradictoryRulesTheFirstCounts() {
    String first = "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO'}";
    String second = "{'names':['mkdir'],'action':'SCMP_ACT_LOG'}";
    for (Dialect dialect : Dialect.values()) {
      assertThat(
              verdict(program(Profiles.with("ALLOW", first + "," + second), dialect), X86_64, 83))
          .isEqualTo("EPERM");
      assertThat(
              verdict(program(Profiles.with("ALLOW", second + "," + first), dialect), X86_64, 83))
          .isEqualTo("LOG");
    }
  }

  private static void assertRefused(String architectures, String reason) {
    Profile profile =
        Profiles.profile(
            "{'defaultAction':'SCMP_ACT_ALLOW','architectures':["
                + architectures
                + "],'syscalls':[]}");
    for (Dialect dialect : Dialect.values()) {
      assertThat(COMPILER.compile(Profiles.resolved(profile), dialect))
          .isInstanceOfSatisfying(
              Compilation.Refused.class,
              refused ->
                  assertThat(refused.reason()).startsWith("libseccomp 2.").endsWith(": " + reason));
    }
  }

  /// runc#4835: a profile for s390x starts no container on x86.
  @Test
  void anotherByteOrderIsRefusedAndNamed() {
    assertRefused(
        "'SCMP_ARCH_X86_64','SCMP_ARCH_S390X','SCMP_ARCH_AARCH64'",
        "SCMP_ARCH_S390X has a byte order other than this machine's (x86_64), and all architectures"
            + " of a filter must have the same byte order");
    assertRefused(
        "'SCMP_ARCH_MIPS','SCMP_ARCH_PPC64'",
        "SCMP_ARCH_MIPS, SCMP_ARCH_PPC64 have a byte order other than this machine's (x86_64), and"
            + " all architectures of a filter must have the same byte order");
  }

  @Test
  void otherArchitecturesOfTheSameByteOrderAreTaken() {
    compiled(
        Profiles.profile(
            "{'defaultAction':'SCMP_ACT_ALLOW','architectures':["
                + "'SCMP_ARCH_AARCH64','SCMP_ARCH_PPC64LE','SCMP_ARCH_MIPSEL64N32',"
                + "'SCMP_ARCH_RISCV64'],'syscalls':[]}"),
        Dialect.RUNC);
  }

  @Test
  void withoutTheLibraryNothingIsClaimed() {
    Compiler compiler = Compiler.inThisProcess("libno-such-library.so.9");
    assertThat(compiler.version()).isEmpty();
    assertThat(compiler.compile(Profiles.resolved(Profiles.with("ALLOW", "")), Dialect.RUNC))
        .isInstanceOf(Compilation.Unavailable.class);
  }

  /// The rulesets of the dialects are much the same: where one takes too long, so does the next.
  @Test
  void whatIsNotKnownIsAskedOnceAndClaimedByNoDialect() {
    AtomicInteger asked = new AtomicInteger();
    Compiler compiler =
        Compiler.by(_ -> {
          asked.incrementAndGet();
          return new RulesetCompiler.Undecided("libseccomp did not finish in 2 s");
        });
    Profile profile =
        Profiles.with(
            "ALLOW",
            "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO','args':["
                + "{'index':0,'value':1,'op':'SCMP_CMP_EQ'},".repeat(6)
                + "{'index':0,'value':2,'op':'SCMP_CMP_EQ'}]}");
    assertThat(compiler.compileAll(Profiles.resolved(profile)).values())
        .hasSize(Dialect.values().length)
        .allMatch(
            new Compilation.Undecided("libseccomp did not finish in 2 s")::equals, "is undecided");
    assertThat(asked).hasValue(1);
  }
}
