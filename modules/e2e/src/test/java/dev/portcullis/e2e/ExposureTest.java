package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// What `exposure` says of a profile, held against containers of runc that make the calls. They ask
/// for a socket of type 15, which no family has (SOCK_MAX is 11): the kernel answers EINVAL before
/// it looks for the family, so nothing vulnerable is ever reached. What counts is who answers.
@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the programs are made of instructions of x86_64")
class ExposureTest {
  private static final String PROFILE = "examples/profiles/browser-sandbox.json";
  private static final String ALG = "CVE-2026-31431";
  private static final int SOCKET = 41;
  private static final int AF_ALG = 38;
  private static final int NO_TYPE = 15;

  private static final int EPERM = 1;
  private static final int EINVAL = 22;

  /// 128 and SIGSEGV: a kernel that runs no calls of x86.
  private static final int NO_X86 = 139;

  @TempDir Path directory;
  private int containers;

  @BeforeEach
  void requireRunc() {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    assumeTrue(
        Files.exists(Path.of("/usr/sbin/runc")) || Files.exists(Path.of("/usr/bin/runc")),
        "runc is not installed: apt-get install runc");
  }

  @Test
  void whatIsSaidToPassPassesAndWhatClosesItCloses() throws Exception {
    assertThat(exposure(PROFILE).out()).contains("\"result\" : \"reachable\"");
    List<String> closings = closings(exposure(PROFILE).out());
    assertThat(closings).hasSize(2);
    Path narrow = derived("narrow.json", closings.getFirst());
    Path wide = derived("wide.json", closings.getLast());

    CallProgram plain = CallProgram.of(SOCKET, AF_ALG, NO_TYPE, 0);
    CallProgram upper = CallProgram.of(SOCKET, 1L << 32 | AF_ALG, NO_TYPE, 0);
    for (CallProgram program : List.of(plain, upper)) {
      assertThat(exit(program, Path.of(PROFILE))).isEqualTo(EINVAL);
      assertThat(exit(program, narrow)).isEqualTo(EPERM);
      assertThat(exit(program, wide)).isEqualTo(EPERM);
    }
    // Other sockets are as before.
    assertThat(exit(CallProgram.of(SOCKET, 2, NO_TYPE, 0), narrow)).isEqualTo(EINVAL);

    assertThat(exposure(narrow.toString()).out()).contains("\"result\" : \"closed-in-part\"");
    assertThat(exposure(wide.toString()).out()).doesNotContain("reachable", "closed-in-part");
    CallProgram onX86 = CallProgram.ofSocketcall(AF_ALG, NO_TYPE, 0);
    int before = exit(onX86, Path.of(PROFILE));
    assumeTrue(before != NO_X86, "this kernel runs no calls of x86");
    assertThat(before).isEqualTo(EINVAL);
    assertThat(exit(onX86, narrow)).isEqualTo(EINVAL);
    assertThat(exit(onX86, wide)).as("killed by SIGSYS").isEqualTo(128 + 31);
  }

  /// A rule that compares 64 bits is passed by the very call that is shown.
  @Test
  void theCallThatIsShownPassesAFilterThatComparesTooMuch() throws Exception {
    Path profile =
        Files.writeString(
            directory.resolve("wrong.json"),
            """
            {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
             "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ERRNO",
               "args": [{"index": 0, "value": 38, "op": "SCMP_CMP_EQ"}]}]}
            """);
    Portcullis.Result result = exposure(profile.toString());
    Matcher domain =
        Pattern.compile("\"arguments\" : \\[\\s*\"0x([0-9a-f]+)\"").matcher(result.out());
    assertThat(domain.find()).as(result.out()).isTrue();
    long shown = Long.parseUnsignedLong(domain.group(1), 16);
    assertThat(exit(CallProgram.of(SOCKET, AF_ALG, NO_TYPE, 0), profile)).isEqualTo(EPERM);
    assertThat(exit(CallProgram.of(SOCKET, shown, NO_TYPE, 0), profile)).isEqualTo(EINVAL);
  }

  private static Portcullis.Result exposure(String operand) {
    Portcullis.Result result = Portcullis.run("exposure", ALG, operand, "-o", "json");
    assertThat(result.err()).doesNotContain("error:");
    return result;
  }

  /// The commands that it prints, the one that takes the least first.
  private static List<String> closings(String json) {
    return Pattern.compile("\"command\" : \"portcullis ([^\"]*)\"")
        .matcher(json)
        .results()
        .map(command -> command.group(1))
        .toList();
  }

  private Path derived(String name, String command) {
    Path file = directory.resolve(name);
    String[] words =
        command
            .replaceAll("--output-file .*", "--output-file " + file)
            .replace("'", "")
            .split(" ", -1);
    Portcullis.Result result = Portcullis.run(words);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("is STRICTER than");
    return file;
  }

  /// How a container ends that runs a program under a profile.
  private int exit(CallProgram program, Path profile) throws IOException, InterruptedException {
    String id = "exposure-" + ProcessHandle.current().pid() + "-" + ++containers;
    Path bundle = Files.createDirectory(directory.resolve(id));
    Path root = Files.createDirectory(bundle.resolve("rootfs"));
    Files.createDirectory(root.resolve("proc"));
    Files.createDirectory(root.resolve("dev"));
    program.write(root.resolve("call"));
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "%s", "readonly": true},
         "process": {"args": ["/call"], "cwd": "/", "user": {"uid": 1000, "gid": 1000},
           "noNewPrivileges": true, "capabilities": {}},
         "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
           {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
         "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}], "seccomp": %s}}
        """
            .formatted(root, Files.readString(profile)));
    Path output = bundle.resolve("output");
    String state = directory.resolve("state").toString();
    Process process =
        new ProcessBuilder("runc", "--root", state, "run", "-b", bundle.toString(), id)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      new ProcessBuilder("runc", "--root", state, "delete", "-f", id).start().waitFor();
      process.destroyForcibly();
      throw new AssertionError("the container does not end");
    }
    String said = new String(Files.readAllBytes(output), UTF_8);
    assertThat(said).as("what runc says").isEmpty();
    return process.exitValue();
  }
}
