package dev.portcullis.seccomp.bpf;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The kernel as judge: each program is installed on a thread of its own, which then makes calls of
/// a number that no kernel has, and sees the errno.
@SuppressWarnings("restricted")
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class KernelAgreementTest {
  private static final int AUDIT_ARCH_X86_64 = 0xC000003E;
  private static final int NUMBER = 0x3777;
  private static final int EPERM = 1;
  private static final int EINVAL = 22;
  private static final int SYS_SOCKET = 41;
  private static final int SYS_SECCOMP = 317;
  private static final int SYS_PRCTL = 157;
  private static final int PR_SET_NO_NEW_PRIVS = 38;

  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG),
              Linker.Option.captureCallState("errno"),
              Linker.Option.firstVariadicArg(1));

  /// The errno of a call; 0 where it succeeded.
  private static int call(long number, long... arguments) {
    long[] six = new long[6];
    System.arraycopy(arguments, 0, six, 0, arguments.length);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(ERRNO);
      long result =
          (long) SYSCALL.invokeExact(state, number, six[0], six[1], six[2], six[3], six[4], six[5]);
      return result == -1 ? state.get(JAVA_INT, 0) : 0;
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  private static int install(List<Instruction> program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(8L * program.size(), 8);
      for (int i = 0; i < program.size(); i++) {
        Instruction each = program.get(i);
        code.set(JAVA_SHORT, 8L * i, (short) each.code());
        code.set(JAVA_BYTE, 8L * i + 2, (byte) each.jt());
        code.set(JAVA_BYTE, 8L * i + 3, (byte) each.jf());
        code.set(JAVA_INT, 8L * i + 4, each.k());
      }
      // struct sock_fprog
      MemorySegment fprog = arena.allocate(16, 8);
      fprog.set(JAVA_SHORT, 0, (short) program.size());
      fprog.set(ADDRESS, 8, code);
      assertThat(call(SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1)).isZero();
      return call(SYS_SECCOMP, 1, 0, fprog.address());
    }
  }

  /// Other calls than those of the number are allowed, before anything else happens.
  private static List<Instruction> guarded(List<Instruction> body) {
    List<Instruction> program = new ArrayList<>();
    program.add(Instruction.of(0x20, 0));
    program.add(new Instruction(0x15, 1, 0, NUMBER));
    program.add(Instruction.of(0x06, 0x7fff0000));
    program.addAll(body);
    return program;
  }

  private static void onAThread(Runnable runnable) throws Exception {
    FutureTask<Boolean> task = new FutureTask<>(runnable, true);
    Thread thread = Thread.ofPlatform().start(task);
    thread.join();
    assertThat(task.get()).isTrue();
  }

  @BeforeAll
  static void theKernelTakesFilters() throws Exception {
    assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    int[] answer = new int[1];
    onAThread(() -> answer[0] = install(guarded(List.of(Instruction.of(0x06, 0x50001)))));
    assumeTrue(answer[0] == 0, "no filter can be installed here: errno " + answer[0]);
  }

  @Test
  void theInterpreterComputesWhatTheKernelDoes() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20260101);
    RandomPrograms programs = new RandomPrograms(random);
    int[] compared = new int[1];
    for (int i = 0; i < 150; i++) {
      List<Instruction> instructions = guarded(programs.body(1 + random.nextInt(40), false));
      // what the body reads of the address is not known here
      instructions.replaceAll(each ->
          each.code() == 0x20 && (each.k() == 8 || each.k() == 12)
              ? Instruction.of(0x20, 16)
              : each);
      if (!(Program.of(instructions) instanceof ProgramCheck.Accepted(Program program))) {
        continue;
      }
      onAThread(() -> {
        assertThat(install(instructions)).isZero();
        for (int j = 0; j < 50; j++) {
          Call call = programs.call(AUDIT_ARCH_X86_64, NUMBER);
          Verdict expected = Filters.of(program).run(call);
          // what divides by 0 kills the thread
          if (expected.kind() == Kind.ERRNO) {
            long[] arguments = call.arguments().stream().mapToLong(Long::longValue).toArray();
            assertThat(call(NUMBER, arguments))
                .as("%s\n%s", call, program)
                .isEqualTo(expected.data());
            compared[0]++;
          }
        }
      });
    }
    assertThat(compared[0]).isGreaterThan(5000);
  }

  private static Profile derived(Profile origin) {
    ChangeReader reader = new ChangeReader(SyscallGroups.load(), Set.of("socket"));
    if (reader.read(false, "socket:domain==AF_NETLINK")
            instanceof ChangeReader.Reading.Read(ProfileEdit change)
        && Derivation.of(Profiles.resolved(origin), List.of(change))
            instanceof Derivation.Derived(ResolvedProfile made)) {
      return made.written();
    }
    throw new AssertionError("nothing was derived");
  }

  /// The errnos of socket(2) under a profile: AF_NETLINK, the same with a bit above 31, and
  /// AF_UNIX.
  private static List<Integer> sockets(Profile profile) throws Exception {
    Compilation compilation =
        Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.CRUN);
    assertThat(compilation).isInstanceOf(Compilation.Compiled.class);
    Program program = ((Compilation.Compiled) compilation).program();
    List<Integer> errnos = new ArrayList<>();
    onAThread(() -> {
      assertThat(install(program.instructions())).isZero();
      errnos.add(call(SYS_SOCKET, 16, 3, 0));
      errnos.add(call(SYS_SOCKET, 1L << 32 | 16, 3, 0));
      errnos.add(call(SYS_SOCKET, 1, 1, 0));
    });
    return errnos;
  }

  /// What `upper-half-ignored` says, and that what is derived has it not.
  @Test
  void theKernelTakesHalfOfAnInt() throws Exception {
    Profile equal =
        Profiles.with(
            "ALLOW",
            "{'names':['socket'],'action':'SCMP_ACT_ERRNO','args':[{'index':0,'value':16,"
                + "'op':'SCMP_CMP_EQ'}]}");
    assertThat(sockets(equal)).containsExactly(EPERM, 0, 0);
    Profile without = Profiles.with("ALLOW", "{'names':['reboot'],'action':'SCMP_ACT_ERRNO'}");
    assertThat(sockets(without)).containsExactly(0, 0, 0);
    assertThat(sockets(derived(without))).containsExactly(EPERM, EPERM, 0);
  }

  /// Programs with one instruction of any code and any numbers: taken and refused by both.
  @Test
  void theCheckerRefusesWhatTheKernelRefuses() throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20260102);
    RandomPrograms programs = new RandomPrograms(random);
    int[] taken = new int[2];
    for (int i = 0; i < 1500; i++) {
      List<Instruction> instructions = guarded(programs.body(random.nextInt(6), false));
      int place = 3 + random.nextInt(instructions.size() - 3);
      // each code once, then any
      int code =
          i < 256 ? i : random.nextInt(10) == 0 ? random.nextInt(0x10000) : random.nextInt(256);
      int k = random.nextInt(3) == 0 ? programs.constant() : random.nextInt(20);
      instructions.set(place, new Instruction(code, random.nextInt(4), random.nextInt(4), k));
      boolean accepted = Program.of(instructions) instanceof ProgramCheck.Accepted;
      onAThread(() -> {
        int answer = install(instructions);
        assertThat(answer)
            .as("%s at %s: %s", instructions.get(place), place, Program.of(instructions))
            .isEqualTo(accepted ? 0 : EINVAL);
      });
      taken[accepted ? 1 : 0]++;
    }
    assertThat(taken[0]).isGreaterThan(100);
    assertThat(taken[1]).isGreaterThan(100);
  }
}
