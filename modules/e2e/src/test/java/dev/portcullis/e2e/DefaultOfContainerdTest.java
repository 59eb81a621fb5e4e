package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Relation;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.Severity;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.lint.FilterLint;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.runtime.Runtimes;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// containerd's default profile, which is in no file: it is asked for what it gave to a container.
class DefaultOfContainerdTest {
  @RegisterExtension static final RealRuntime RUNTIME = new RealRuntime();

  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();

  @TempDir private Path directory;

  private static Profile read(byte[] json) {
    return switch (ProfileReader.read(json)) {
      case ProfileParseResult.Read read -> read.profile();
      case ProfileParseResult.Rejected rejected -> throw new AssertionError(rejected.findings());
    };
  }

  private static Filters filters(ResolvedProfile profile) {
    return switch (Compiler.inThisProcess().compile(profile, Dialect.RUNC)) {
      case Compilation.Compiled compiled -> Filters.of(compiled.program());
      case Compilation.Refused refused -> throw new AssertionError(refused);
      case Compilation.Undecided undecided -> throw new AssertionError(undecided);
      case Compilation.Unavailable unavailable -> throw new AssertionError(unavailable);
    };
  }

  private static Comparison compare(ResolvedProfile a, ResolvedProfile b) {
    return switch (Comparison.of(filters(a), filters(b), TABLE)) {
      case Analysis.Understood(Comparison compared) -> compared;
      case Analysis.Undecided<Comparison> undecided -> throw new AssertionError(undecided);
    };
  }

  private ResolvedProfile ofContainerd() throws Exception {
    SandboxSpec sandbox =
        new SandboxSpec(
            new SandboxSpec.Pod("default", "default", "uid-default"),
            Map.of(),
            Map.of(),
            new SandboxSpec.Network(true, "", List.of()),
            SandboxSpec.Isolation.DEFAULT,
            new SandboxSpec.Placement(directory, RealRuntime.name()));
    ContainerSpec sleeper =
        new ContainerSpec(
            new ContainerSpec.Identity(
                "c", "localhost/portcullis/busybox:1", "c.log", Map.of(), Map.of()),
            new ContainerSpec.Program(
                List.of("sleep", "100"), List.of(), new LinkedHashMap<>(), ""),
            List.of(),
            new ContainerSpec.Security(
                false,
                new SeccompSetting.RuntimeDefault(),
                ContainerSpec.User.OF_IMAGE,
                ContainerSpec.Capabilities.DEFAULT,
                false,
                false),
            ContainerSpec.Limits.NONE);
    try (Cri cri = Cri.connect(RealRuntime.endpoint())) {
      String pod = cri.runSandbox(sandbox, "runc");
      try {
        String id = cri.createContainer(pod, sleeper, sandbox);
        cri.startContainer(id);
        return ResolvedProfile.of(read(cri.given(id).orElseThrow().profile().orElseThrow()))
            .orElseThrow();
      } finally {
        cri.stopSandbox(pod);
        cri.removeSandbox(pod);
      }
    }
  }

  private static ResolvedProfile ofDocker() throws IOException {
    Path file = Path.of(".build/profiles/docker.json");
    assumeTrue(Files.exists(file), "no " + file + "; tools/default-profiles fetches it");
    Target usual =
        ThisMachine.ask(System.getProperty("os.arch"))
            .target(
                Runtimes.known()
                    .container("containerd", "1.6.20")
                    .orElseThrow()
                    .facts()
                    .defaultCapabilities());
    return Resolver.resolve(read(Files.readAllBytes(file)), usual);
  }

  @Test
  void isWhatItIs() throws Exception {
    ResolvedProfile profile = ofContainerd();
    assertThat(compare(profile, profile).relation()).isEqualTo(Relation.EQUAL);
    assertThat(Derivation.of(profile, List.of()))
        .isInstanceOfSatisfying(
            Derivation.Derived.class,
            derived ->
                assertThat(compare(derived.profile(), profile).relation())
                    .isEqualTo(Relation.EQUAL));
    assertThat(
            FilterLint.check(
                profile,
                filters(profile),
                Architecture.ofJava(System.getProperty("os.arch")).orElseThrow(),
                TABLE))
        .filteredOn(each -> each.severity() == Severity.WARNING)
        .extracting(Finding::problem)
        // What each version has is its own affair.
        .isSubsetOf(
            Problem.WEAKER_ARCHITECTURE, Problem.IO_URING_AROUND, Problem.UPPER_HALF_IGNORED);
  }

  /// As Debian 12 has both: containerd 1.6.20 and Docker 20.10.24.
  @Test
  void isDockersAndMemoryProtectionKeys() throws Exception {
    ResolvedProfile docker = ofDocker();
    Process version = new ProcessBuilder("containerd", "--version").start();
    String said = new String(version.getInputStream().readAllBytes(), UTF_8);
    assumeTrue(said.contains(" 1.6."), "another containerd than 1.6: " + said);
    Comparison compared = compare(ofContainerd(), docker);
    assertThat(compared.relation()).isEqualTo(Relation.WEAKER);
    assertThat(compared.differences())
        .singleElement()
        .satisfies(only ->
            assertThat(only.names()).containsExactly("pkey_alloc", "pkey_free", "pkey_mprotect"));
  }
}
