package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.Severity;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.lint.FilterLint;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The default profiles of Docker and Podman, as Debian has them: `tools/default-profiles` fetches
/// them, and `./test` calls it.
class DefaultProfilesTest {
  private static final Path DIRECTORY = Path.of("../.build/profiles");
  private static final int X86_64 = 0xC000003E;
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();

  private static ResolvedProfile profile(String name, String... capabilities) throws IOException {
    Path file = DIRECTORY.resolve(name);
    assumeTrue(Files.exists(file), "no " + file + "; tools/default-profiles fetches it");
    return switch (ProfileReader.read(Files.readAllBytes(file))) {
      case ProfileParseResult.Read read ->
          Resolver.resolve(
              read.profile(),
              new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of(capabilities)));
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

  @ParameterizedTest
  @ValueSource(strings = {"docker.json", "podman.json"})
  void areWhatTheyAre(String name) throws IOException {
    ResolvedProfile profile = profile(name, "CAP_CHOWN");
    assertThat(compare(profile, profile).relation()).isEqualTo(Relation.EQUAL);
    Derivation same = Derivation.of(profile, List.of());
    assertThat(same)
        .isInstanceOfSatisfying(
            Derivation.Derived.class,
            derived ->
                assertThat(compare(derived.profile(), profile).relation())
                    .isEqualTo(Relation.EQUAL));
  }

  /// A capability allows more, and `bpf` among it.
  @ParameterizedTest
  @ValueSource(strings = {"docker.json", "podman.json"})
  void capabilitiesWiden(String name) throws IOException {
    ResolvedProfile usual = profile(name, "CAP_CHOWN");
    Comparison compared = compare(profile(name, "CAP_CHOWN", "CAP_SYS_ADMIN", "CAP_BPF"), usual);
    assertThat(compared.relation()).isEqualTo(Relation.WEAKER);
    assertThat(compared.differences()).anySatisfy(each -> assertThat(each.names()).contains("bpf"));
  }

  /// Profiles that many people use have few kinds of warnings: of calls by another way, of rules
  /// for the same calls, and of bits that a condition does not look at.
  @ParameterizedTest
  @ValueSource(strings = {"docker.json", "podman.json"})
  void fewWarnings(String name) throws IOException {
    ResolvedProfile profile = profile(name, "CAP_CHOWN");
    assertThat(FilterLint.check(profile, filters(profile), Architecture.X86_64, TABLE))
        .filteredOn(each -> each.severity() == Severity.WARNING)
        .extracting(Finding::problem)
        .isSubsetOf(
            Problem.WEAKER_ARCHITECTURE,
            Problem.IO_URING_AROUND,
            Problem.CONTRADICTORY_RULES,
            Problem.UPPER_HALF_IGNORED);
  }

  /// What a browser such as Debian's Chromium needs for its own sandbox (docs/derive.md): `clone`
  /// with flags for namespaces, but not for those of mounts and others. Docker's default allows
  /// `clone` without any; Podman's allows all of it anyway.
  @Test
  void aBrowserMayMakeItsSandboxAndNoMore() throws IOException {
    ResolvedProfile usual = profile("docker.json", "CAP_CHOWN");
    ChangeReader reader =
        new ChangeReader(
            SyscallGroups.load(), new HashSet<>(TABLE.of(Architecture.X86_64).values()));
    String others = "CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWCGROUP";
    List<ProfileEdit> changes =
        Stream.of(
                "clone:flags&" + others + "==0",
                "unshare:flags&" + others + "|CLONE_NEWTIME==0",
                "chroot")
            .map(each -> ((ChangeReader.Reading.Read) reader.read(true, each)).change())
            .toList();
    ResolvedProfile derived = ((Derivation.Derived) Derivation.of(usual, changes)).profile();
    Comparison compared = compare(derived, usual);
    assertThat(compared.relation()).isEqualTo(Relation.WEAKER);
    assertThat(compared.differences().stream().flatMap(each -> each.names().stream()).distinct())
        .containsExactlyInAnyOrder("clone", "unshare", "chroot");
    Filters filters = filters(derived);
    long user = 0x10000000;
    long pid = 0x20000000;
    long mounts = 0x00020000;
    assertThat(filters.run(Call.of(X86_64, 56, user | pid))).hasToString("ALLOW");
    assertThat(filters.run(Call.of(X86_64, 56, user | mounts))).hasToString("EPERM");
    assertThat(filters(usual).run(Call.of(X86_64, 56, user))).hasToString("EPERM");
    assertThat(filters(profile("podman.json", "CAP_CHOWN")).run(Call.of(X86_64, 56, user | mounts)))
        .hasToString("ALLOW");
    // the C library asks for it first, and falls back to clone
    assertThat(filters.run(Call.of(X86_64, 435))).hasToString("ENOSYS");
  }
}
