package dev.portcullis.seccomp.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.defaults.BuiltInDefault;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
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
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The default profiles of Docker and Podman, as Debian has them: `tools/default-profiles` fetches
/// them, and `./test` calls it.
class DefaultProfilesTest {
  private static final Path DIRECTORY = Path.of(".build/profiles");
  private static final int X86_64 = 0xC000003E;
  private static final SyscallTable TABLE = SyscallTable.ofThisMachine();

  private static ResolvedProfile profile(String name, String... capabilities) throws IOException {
    return Resolver.resolve(
        read(name), new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of(capabilities)));
  }

  private static Profile read(String name) throws IOException {
    Path file = DIRECTORY.resolve(name);
    assumeTrue(Files.exists(file), "no " + file + "; tools/default-profiles fetches it");
    return switch (ProfileReader.read(Files.readAllBytes(file))) {
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

  /// Debian's patches give the errno of `clone3` another number on MIPS.
  private static final Set<Architecture> PATCHED =
      Set.of(
          Architecture.MIPS64,
          Architecture.MIPS64N32,
          Architecture.MIPSEL,
          Architecture.MIPSEL64,
          Architecture.MIPSEL64N32);

  /// The built-in ones say of every call what Debian's packages say, on every other architecture,
  /// with each capability that a condition is about, and on kernels before and after 4.8.
  @ParameterizedTest
  @ValueSource(strings = {"docker", "podman"})
  void areBuiltIn(String runtime) throws IOException {
    Path written = DIRECTORY.resolve(runtime + ".version");
    assumeTrue(Files.exists(written), "no " + written + "; tools/default-profiles fetches it");
    Profile builtIn = builtIn(runtime + "/default@" + Files.readString(written).strip());
    Profile file = read(runtime + ".json");
    Set<String> capabilities = new TreeSet<>();
    for (Rule rule : file.rules()) {
      capabilities.addAll(rule.guard().includes().capabilities());
      capabilities.addAll(rule.guard().excludes().capabilities());
    }
    assertThat(capabilities).contains("CAP_SYS_ADMIN", "CAP_SYS_CHROOT");
    List<Set<String>> containers = new ArrayList<>(List.of(Set.of(), capabilities));
    capabilities.forEach(each -> containers.add(Set.of(each)));
    for (Architecture machine : EnumSet.complementOf(EnumSet.copyOf(PATCHED))) {
      for (Set<String> container : containers) {
        for (int major : List.of(7, 8)) {
          Target target = new Target(machine, new KernelVersion(4, major), container);
          assertThat(says(Resolver.resolve(builtIn, target)))
              .as(target.toString())
              .isEqualTo(says(Resolver.resolve(file, target)));
        }
      }
    }
    Target usual =
        new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of("CAP_SYS_CHROOT"));
    assertThat(compare(Resolver.resolve(builtIn, usual), Resolver.resolve(file, usual)).relation())
        .isEqualTo(Relation.EQUAL);
  }

  /// What is said of each call, whatever the order and the rules that it stands in.
  private static Map<String, Set<List<Object>>> says(ResolvedProfile profile) {
    Map<String, Set<List<Object>>> says = new TreeMap<>();
    says.put("", Set.of(List.of(new TreeSet<>(profile.architectures()))));
    says.put("otherwise", Set.of(of(profile.defaultOutcome())));
    profile
        .rules()
        .forEach(rule ->
            rule.names()
                .forEach(call ->
                    says.computeIfAbsent(call.name(), _ -> new HashSet<>())
                        .add(List.of(of(rule.outcome()), rule.arguments()))));
    return says;
  }

  private static List<Object> of(Outcome outcome) {
    return List.of(outcome.action(), outcome.effectiveErrno());
  }

  private static Profile builtIn(String name) {
    return switch (BuiltInDefaults.find(name)) {
      case BuiltInDefaults.Found(BuiltInDefault found) -> found.contents().profile();
      case BuiltInDefaults.NotKnown(String reason) -> throw new AssertionError(reason);
    };
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
