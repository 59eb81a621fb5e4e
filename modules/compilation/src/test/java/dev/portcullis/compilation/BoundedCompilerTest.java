package dev.portcullis.compilation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.ProgramCheck;
import dev.portcullis.seccomp.compile.Effort;
import dev.portcullis.seccomp.compile.LibseccompCalls;
import dev.portcullis.seccomp.compile.Ruleset;
import dev.portcullis.seccomp.compile.RulesetCompiler;
import dev.portcullis.seccomp.compile.RulesetCompiler.Answer;
import dev.portcullis.seccomp.compile.RulesetCompiler.Made;
import dev.portcullis.seccomp.compile.RulesetCompiler.Undecided;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With real processes and the machine's libseccomp.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Timeout(300)
class BoundedCompilerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MKDIR = 83;

  private final LinkedBlockingQueue<Process> started = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<BoundedCompiler> open = new ConcurrentLinkedQueue<>();

  private static CompilationLimits limits(Duration time) {
    return new CompilationLimits(time, MINUTE, MINUTE, MINUTE, 100);
  }

  private BoundedCompiler compiler(CompilationLimits limits) {
    return compiler(limits, Launch.ofThisRuntime(60, 0));
  }

  private BoundedCompiler compiler(CompilationLimits limits, Launch launch) {
    Launch watched =
        () -> {
          Process process = launch.start();
          started.add(process);
          return process;
        };
    BoundedCompiler compiler = BoundedCompiler.ofServer(limits, watched, watched);
    open.add(compiler);
    return compiler;
  }

  @AfterEach
  void close() {
    open.forEach(BoundedCompiler::close);
    started.forEach(Process::destroyForcibly);
  }

  private static String reason(Answer answer) {
    assertThat(answer).isInstanceOf(Undecided.class);
    return ((Undecided) answer).reason();
  }

  private static void assertMade(Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Made.class,
            made -> assertThat(made.program()).isInstanceOf(ProgramCheck.Accepted.class));
  }

  private Process next() throws InterruptedException {
    Process process = started.poll(1, TimeUnit.MINUTES);
    assertThat(process).isNotNull();
    return process;
  }

  @Test
  void theProgramIsTheOneThatLibseccompMakesHere() {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    RulesetCompiler here = LibseccompCalls.ofThisMachine().orElseThrow();
    for (Ruleset ruleset : List.of(Rulesets.usual(MKDIR), Rulesets.seemingHard(5))) {
      Answer answer = compiler.compile(ruleset);
      assertMade(answer);
      assertThat(answer).isEqualTo(here.compile(ruleset));
    }
    // what libseccomp refuses, and the kernel would refuse
    Ruleset wrong =
        new Ruleset(
            0x7fff0000,
            List.of(),
            false,
            List.of(
                new Ruleset.Entry(0x50001, MKDIR, List.of()),
                new Ruleset.Entry(0x50001, MKDIR, List.of(new Ruleset.Condition(9, 4, 1, 0)))));
    assertThat(compiler.compile(wrong))
        .isEqualTo(here.compile(wrong))
        .isInstanceOfSatisfying(
            RulesetCompiler.Refused.class, refused -> assertThat(refused.entry()).isEqualTo(1));
    Ruleset otherWay = new Ruleset(0x7fff0000, List.of(0x80000016), false, List.of());
    assertThat(compiler.compile(otherWay))
        .isEqualTo(here.compile(otherWay))
        .isInstanceOf(RulesetCompiler.Refused.class);
  }

  @Test
  void whatDoesNotEndIsNotDecidedAndNotTriedAgain() throws InterruptedException {
    BoundedCompiler compiler = compiler(limits(Duration.ofSeconds(3)));
    assertThat(reason(compiler.compile(Rulesets.hanging(3))))
        .isEqualTo("libseccomp did not finish in 3 s");
    Process process = next();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(reason(compiler.compile(Rulesets.hanging(3))))
        .isEqualTo("libseccomp did not finish in 3 s");
    assertThat(started).isEmpty();
    assertMade(compiler.compile(Rulesets.seemingHard(3)));
    assertThat(started).hasSize(1);
  }

  @Test
  void othersGoOnWhileOneHangs() throws Exception {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> hanging = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        long value = i;
        hanging.add(threads.submit(() -> compiler.compile(Rulesets.hanging(value))));
      }
      Process held = next();
      for (int number = 0; number < 50; number++) {
        assertMade(compiler.compile(Rulesets.usual(number)));
      }
      assertThat(held.isAlive()).isTrue();
      assertThat(hanging).noneMatch(Future::isDone);
      threads.shutdownNow();
      for (Future<Answer> each : hanging) {
        assertThat(reason(each.get())).isNotEmpty();
      }
    }
  }

  @Test
  void fiftyThreadsAtOnce() throws Exception {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    RulesetCompiler here = LibseccompCalls.ofThisMachine().orElseThrow();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int number = 0; number < 50; number++) {
        Ruleset ruleset = Rulesets.usual(number);
        answers.add(threads.submit(() -> compiler.compile(ruleset)));
      }
      for (int number = 0; number < 50; number++) {
        assertThat(answers.get(number).get()).isEqualTo(here.compile(Rulesets.usual(number)));
      }
    }
    assertThat(started).hasSize(1);
  }

  @Test
  void moreThanMayWaitAreToldToTryAgain() throws Exception {
    BoundedCompiler compiler = compiler(new CompilationLimits(MINUTE, MINUTE, MINUTE, MINUTE, 1));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<Answer> answers = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < 4; i++) {
        long value = i;
        answers.submit(() -> compiler.compile(Rulesets.hanging(value)));
      }
      for (int i = 0; i < 2; i++) {
        assertThat(reason(answers.take().get()))
            .isEqualTo("too many filters are being compiled; try again");
      }
      threads.shutdownNow();
    }
  }

  @Test
  void oneThatIsKilledMeanwhileIsReplaced() throws Exception {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> answer = threads.submit(() -> compiler.compile(Rulesets.hanging(1)));
      Process first = next();
      awaitWork(first);
      first.destroyForcibly();
      assertThat(reason(answer.get()))
          .isEqualTo("the process that calls libseccomp failed: it exited with code 137");
    }
    assertMade(compiler.compile(Rulesets.seemingHard(1)));
    // between two requests: nobody notices
    Process second = next();
    second.destroyForcibly().waitFor();
    assertMade(compiler.compile(Rulesets.seemingHard(2)));
    assertThat(next().isAlive()).isTrue();
  }

  /// The JVM tells of its own crash on standard output, where the answers are: a memory that is
  /// full may be such a crash, too.
  @Test
  void whatTheJvmSaysOfItsEndIsNoAnswer() throws Exception {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> answer = threads.submit(() -> compiler.compile(Rulesets.hanging(1)));
      Process process = next();
      awaitWork(process);
      new ProcessBuilder("kill", "-SEGV", Long.toString(process.pid())).start().waitFor();
      assertThat(reason(answer.get()))
          .isEqualTo("the process that calls libseccomp failed: it exited with code 1");
    }
  }

  /// Its heap is too small for what it is told. The JVM ends then, and says nothing.
  @Test
  void oneWhoseHeapIsFullEndsAndIsReplaced() throws InterruptedException {
    BoundedCompiler compiler =
        compiler(
            limits(MINUTE), Launch.ofThisRuntime(List.of("-Xms2m", "-Xmn1m", "-Xmx5m"), 60, 0));
    assertThat(reason(compiler.compile(Rulesets.large(List.of()))))
        .isEqualTo("the process that calls libseccomp failed: it exited with code 3");
    assertThat(next().waitFor()).isEqualTo(3);
    assertMade(compiler.compile(Rulesets.seemingHard(1)));
  }

  /// libseccomp asks for more than the process may have (RLIMIT_DATA): it says so, or the process
  /// ends. Neither is an answer about the profile.
  @Test
  void oneWhoseMemoryIsFullDecidesNothing() {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    assertThat(reason(compiler.compile(Rulesets.large(Rulesets.OTHERS))))
        .matches(
            "libseccomp did not finish: .*"
                + "|the process that calls libseccomp failed: it exited with code [1-9][0-9]*");
    assertMade(compiler.compile(Rulesets.seemingHard(1)));
  }

  /// Waits until a process has used one and a half seconds of a processor after its start.
  private static void awaitWork(Process process) throws InterruptedException {
    Duration begin = process.info().totalCpuDuration().orElse(Duration.ZERO);
    for (int i = 0; i < 600; i++) {
      Duration now = process.info().totalCpuDuration().orElse(Duration.ZERO);
      if (now.minus(begin).toMillis() > 1500) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("it does nothing");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          Q, its output started with byte 81
          P\\0\\0\\0\\5abcde, it sent an answer without a request
          """)
  void whatSaysTooMuchIsNotAsked(String says, String reason) {
    assertThat(reason(fake("printf '" + says + "'; exec sleep 100")))
        .isEqualTo("the process that calls libseccomp failed: " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          \\0\\0\\0\\5abcde, an answer of kind 97
          \\177\\0\\0\\0, an answer of 2130706432 bytes
          \\377\\0\\0\\0, an answer of -16777216 bytes
          \\0\\0\\0\\11\\1\\0\\0\\0\\0\\0\\0\\0\\0, no program
          \\0\\0\\0\\11\\3\\0\\0\\0\\1\\0\\0\\0\\0, entry 1 of 1
          \\0\\0\\0\\5\\4\\0\\0\\0\\0, more than there should be
          \\0\\0\\0\\5\\1, exited with code 0
          '', exited with code 0
          """)
  void rubbishIsNoAnswer(String says, String reason) {
    assertThat(reason(fake("printf P; head -c 4 >/dev/null; printf '" + says + "'")))
        .startsWith("the process that calls libseccomp failed: ")
        .contains(reason);
  }

  @Test
  void aFloodIsNotRead() {
    assertThat(reason(fake("exec yes P")))
        .isEqualTo("the process that calls libseccomp failed: it sent an answer without a request");
  }

  private Answer fake(String script) {
    BoundedCompiler compiler =
        compiler(limits(MINUTE), () -> new ProcessBuilder("/bin/sh", "-c", script).start());
    return compiler.compile(Rulesets.usual(MKDIR));
  }

  @Test
  void oneThatIsNeverReadyOrReadsNothingIsKilled() throws InterruptedException {
    BoundedCompiler silent =
        compiler(
            new CompilationLimits(MINUTE, MINUTE, Duration.ofMillis(300), MINUTE, 1),
            () -> new ProcessBuilder("/bin/sh", "-c", "exec sleep 1000").start());
    assertThat(reason(silent.compile(Rulesets.usual(MKDIR))))
        .isEqualTo("the process that calls libseccomp failed: it was not ready in 300 ms");
    assertThat(next().waitFor(1, TimeUnit.MINUTES)).isTrue();
    BoundedCompiler deaf =
        compiler(
            limits(Duration.ofMillis(300)),
            () -> new ProcessBuilder("/bin/sh", "-c", "printf P; exec sleep 1000").start());
    assertThat(reason(deaf.compile(Rulesets.usual(MKDIR))))
        .isEqualTo("libseccomp did not finish in 300 ms");
    assertThat(next().waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void oneThatCannotBeStartedIsSaid() {
    BoundedCompiler none =
        compiler(limits(MINUTE), () -> new ProcessBuilder("/nowhere/java").start());
    assertThat(reason(none.compile(Rulesets.usual(MKDIR))))
        .startsWith("the process that calls libseccomp failed: ")
        .contains("/nowhere/java");
  }

  @Test
  void oneThatNobodyNeedsEnds() throws InterruptedException {
    BoundedCompiler compiler =
        compiler(new CompilationLimits(MINUTE, MINUTE, MINUTE, Duration.ofMillis(100), 10));
    assertMade(compiler.compile(Rulesets.usual(1)));
    assertThat(next().waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertMade(compiler.compile(Rulesets.usual(2)));
    assertThat(next().waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void itHasLimitsOfItsOwnAndNothingOfOurs() throws Exception {
    BoundedCompiler compiler = compiler(limits(MINUTE));
    assertMade(compiler.compile(Rulesets.usual(1)));
    Process process = next();
    Path of = Path.of("/proc", Long.toString(process.pid()));
    assertThat(Files.readString(of.resolve("oom_score_adj")).strip()).isEqualTo("1000");
    assertThat(Files.readAllLines(of.resolve("limits")))
        .anySatisfy(line -> assertThat(line).matches("Max cpu time +[0-9]+ +.*"))
        .anySatisfy(line -> assertThat(line).matches("Max data size +[0-9]{8,9} +[0-9]{8,9} .*"));
    assertThat(Files.readString(of.resolve("environ"), StandardCharsets.ISO_8859_1))
        .startsWith("MALLOC_ARENA_MAX=1\0")
        .doesNotContain("PATH=", "HOME=");
    assertThat(Files.readSymbolicLink(of.resolve("cwd"))).isEqualTo(Path.of("/"));
    try (Stream<Path> descriptors = Files.list(of.resolve("fd"))) {
      assertThat(descriptors.map(BoundedCompilerTest::target))
          .allMatch(target ->
              target.startsWith("pipe:")
                  || target.equals("/dev/null")
                  || target.endsWith(".jar")
                  || target.endsWith("/lib/modules"));
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "/dev/null";
    }
  }

  /// The kernel ends it, should nobody be there who could.
  @Test
  void itsProcessorTimeEndsByItself() throws InterruptedException {
    BoundedCompiler compiler = compiler(limits(MINUTE), Launch.ofThisRuntime(1, 0));
    assertThat(reason(compiler.compile(Rulesets.hanging(1))))
        .isEqualTo("the process that calls libseccomp failed: it exited with code 152");
  }

  @Test
  void itEndsWithTheProcessThatAsks() throws Exception {
    Process asking =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                AsksForEver.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      long pid = Long.parseLong(asking.inputReader(StandardCharsets.UTF_8).readLine().strip());
      ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
      assertThat(child.isAlive()).isTrue();
      asking.destroyForcibly().waitFor();
      Wait.until("the process that compiles ends", () -> !child.isAlive());
    } finally {
      asking.destroyForcibly();
    }
  }

  /// What is said to be of little effort is: thousands of rulesets, each different, of which none
  /// takes the time that a webhook has.
  @Test
  void littleEffortIsLittle() {
    BoundedCompiler compiler = compiler(limits(Duration.ofSeconds(10)));
    long seed = 20_261_128;
    for (int i = 0; i < 2_000; i++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + i);
      Ruleset ruleset = Rulesets.random(random);
      assertThat(Effort.of(ruleset)).as("seed %s", seed + i).isEqualTo(Effort.SMALL);
      assertThat(compiler.compile(ruleset))
          .as("seed %s", seed + i)
          .isNotInstanceOf(Undecided.class);
    }
  }
}
