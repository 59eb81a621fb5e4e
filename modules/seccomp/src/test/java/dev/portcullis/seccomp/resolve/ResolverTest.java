package dev.portcullis.seccomp.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Profile;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
  private static final Target TARGET =
      new Target(
          Architecture.X86_64, new KernelVersion(4, 19), Set.of("CAP_CHOWN", "CAP_SYS_PTRACE"));

  private static ResolvedProfile resolve(String guard) {
    return Resolver.resolve(
        Profiles.with("ALLOW", "{'name':'a','action':'SCMP_ACT_ERRNO'," + guard + "}"), TARGET);
  }

  /// A machine amd64 4.19, a container with CAP_CHOWN and CAP_SYS_PTRACE.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "'includes':{}, true",
        "\"'includes':{'caps':['CAP_CHOWN','CAP_SYS_PTRACE']}\", true",
        "\"'includes':{'caps':['CAP_CHOWN','CAP_BPF']}\", false",
        "'includes':{'caps':['cap_chown']}, false",
        "\"'includes':{'arches':['arm64','amd64']}\", true",
        "\"'includes':{'arches':['x32','x86']}\", false",
        "'includes':{'minKernel':'4.19'}, true",
        "'includes':{'minKernel':'4.8'}, true",
        "'includes':{'minKernel':'4.20'}, false",
        "'includes':{'minKernel':'5.0'}, false",
        "\"'includes':{'arches':['amd64'],'caps':['CAP_BPF']}\", false",
        "'excludes':{}, true",
        "\"'excludes':{'caps':['CAP_BPF','CAP_CHOWN']}\", false",
        "'excludes':{'caps':['CAP_BPF']}, true",
        "'excludes':{'arches':['amd64']}, false",
        "'excludes':{'arches':['s390x']}, true",
        "'excludes':{'minKernel':'4.19'}, false",
        "'excludes':{'minKernel':'5.0'}, true",
        "\"'includes':{'caps':['CAP_CHOWN']},'excludes':{'arches':['amd64']}\", false",
      })
  void aRuleIsTakenAsDockerTakesIt(String guard, boolean taken) {
    ResolvedProfile resolved = resolve(guard);
    assertThat(resolved.rules()).hasSize(taken ? 1 : 0);
    assertThat(resolved.written().dockerOnly()).isEmpty();
  }

  @Test
  void ofTheMapTheEntryOfTheMachineCounts() {
    Profile profile =
        Profiles.profile(
            """
            {'defaultAction': 'SCMP_ACT_ERRNO', 'archMap': [
              {'architecture': 'SCMP_ARCH_AARCH64', 'subArchitectures': ['SCMP_ARCH_ARM']},
              {'architecture': 'SCMP_ARCH_X86_64',
               'subArchitectures': ['SCMP_ARCH_X86', 'SCMP_ARCH_X32']}]}
            """);
    assertThat(Resolver.resolve(profile, TARGET).architectures())
        .containsExactly(Architecture.X86_64, Architecture.X86, Architecture.X32);
    Target other = new Target(Architecture.S390X, new KernelVersion(6, 1), Set.of());
    assertThat(Resolver.resolve(profile, other).architectures()).isEmpty();
  }

  /// What would be left out changes what it means.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'syscalls':[{'name':'a','action':'SCMP_ACT_ERRNO'}]",
        "'syscalls':[{'names':['a'],'action':'SCMP_ACT_ERRNO','includes':{'caps':['CAP_BPF']}}]",
        "'archMap':[{'architecture':'SCMP_ARCH_X86_64','subArchitectures':[]}],'syscalls':[]",
      })
  void whatOnlyDockerUnderstandsMustBeResolved(String parts) {
    assertThat(
            ResolvedProfile.of(
                Profiles.profile("{'defaultAction':'SCMP_ACT_ALLOW'," + parts + "}")))
        .isEmpty();
  }

  @Test
  void anOciProfileStaysWhatItIs() {
    Profile profile = Profiles.with("ERRNO", "{'names':['a','b'],'action':'SCMP_ACT_ALLOW'}");
    assertThat(profile.dockerOnly()).isEmpty();
    assertThat(Resolver.resolve(profile, TARGET).written()).isEqualTo(profile);
    assertThat(ResolvedProfile.of(profile)).contains(Resolver.resolve(profile, TARGET));
  }

  @ParameterizedTest
  @CsvSource({
    "6.1.0-18-amd64, 6.1",
    "3.12.25-gentoo, 3.12",
    "3.12-1-amd64, 3.12",
    "3.12-rc5, 3.12",
    "6.18.3, 6.18",
  })
  void releasesOfKernels(String release, String version) {
    assertThat(KernelVersion.ofRelease(release))
        .hasValueSatisfying(read -> assertThat(read).hasToString(version));
  }
}
