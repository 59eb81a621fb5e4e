package dev.portcullis.seccomp.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// libseccomp's own simulator as judge of the interpreter: `tools/libseccomp-simulator` makes it of
/// Debian's source, and `./test` calls it. It knows the instructions of libseccomp alone, not those
/// that runc puts before them.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class SimulatorAgreementTest {
  private static final Path SIMULATOR = Path.of(".build/simulator/scmp_bpf_sim");
  private static final int X86_64 = 0xC000003E;
  private static final int PROFILES = 50;
  private static final int CALLS = 20;

  @TempDir private Path directory;

  private static Program program(Profile profile) {
    return switch (Compiler.inThisProcess().compile(Profiles.resolved(profile), Dialect.CRUN)) {
      case Compilation.Compiled compiled -> compiled.program();
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    };
  }

  private Path file(Program program) throws IOException {
    List<Instruction> instructions = program.instructions();
    ByteBuffer bytes =
        ByteBuffer.allocate(Instruction.BYTES * instructions.size()).order(ByteOrder.nativeOrder());
    for (Instruction each : instructions) {
      bytes.putShort((short) each.code());
      bytes.put((byte) each.jt()).put((byte) each.jf());
      bytes.putInt(each.k());
    }
    return Files.write(directory.resolve("program"), bytes.array());
  }

  private static String simulated(Path program, Call call) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                SIMULATOR.toString(),
                "-f",
                program.toString(),
                "-a",
                "x86_64",
                "-s",
                Integer.toString(call.number())));
    for (int i = 0; i < Call.ARGUMENTS; i++) {
      command.add("-" + i);
      command.add(Long.toUnsignedString(call.arguments().get(i)));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }

  /// As the simulator says it.
  private static String words(Verdict verdict) {
    return switch (verdict.kind()) {
      case KILL_THREAD -> "KILL";
      case ERRNO, TRACE -> verdict.kind() + "(" + verdict.data() + ")";
      case KILL_PROCESS, TRAP, LOG, ALLOW, USER_NOTIF -> verdict.kind().toString();
    };
  }

  private static Call call(RandomGenerator random, Profile profile) {
    int which = random.nextInt(RandomProfiles.NAMES.size());
    long[] arguments = new long[Call.ARGUMENTS];
    for (Rule rule : profile.rules()) {
      if (rule.names().list().getFirst().name().equals(RandomProfiles.NAMES.get(which))) {
        for (ArgumentCondition condition : rule.arguments()) {
          List<Long> values = RandomProfiles.interesting(condition);
          arguments[condition.index()] = values.get(random.nextInt(values.size()));
        }
      }
    }
    return Call.of(X86_64, RandomProfiles.NUMBERS[which], arguments);
  }

  @Test
  void theInterpreterDoesWhatLibseccompSimulates() throws Exception {
    assumeTrue(
        Files.isExecutable(SIMULATOR), "no " + SIMULATOR + "; tools/libseccomp-simulator makes it");
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(13);
    RandomProfiles profiles = new RandomProfiles(random);
    for (int i = 0; i < PROFILES; i++) {
      Profile profile = profiles.next();
      Program program = program(profile);
      Path file = file(program);
      for (int j = 0; j < CALLS; j++) {
        Call call = call(random, profile);
        assertThat(words(Filters.of(program).run(call)))
            .as("%s in %s", call, profile)
            .isEqualTo(simulated(file, call));
      }
    }
  }
}
