package dev.portcullis.seccomp.recording;

import static dev.portcullis.seccomp.recording.RecordedCalls.count;
import static dev.portcullis.seccomp.recording.RecordedCalls.recording;
import static dev.portcullis.seccomp.recording.RecordedCalls.tally;
import static dev.portcullis.seccomp.recording.RecordedCalls.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.Profiles;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ProfileCoverage.Entry;
import dev.portcullis.seccomp.recording.ProfileCoverage.Use;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class ProfileCoverageTest {
  private static Recording some() {
    CallTally tally = tally();
    count(tally, "mkdir");
    count(tally, "mkdir");
    count(tally, "socket", 1, 1, 0);
    count(tally, "socket", 16, 3, 0);
    count(tally, "chown", 1, 2, 3);
    return recording(tally);
  }

  private static ProfileCoverage of(String rules) {
    ResolvedProfile profile = Profiles.resolved(Profiles.with("ERRNO", rules));
    return ProfileCoverage.of(profile, some(), Architecture.X86_64);
  }

  @Test
  void whatWasUsedAndWhatNever() {
    ProfileCoverage coverage = of("{'names':['mkdir','rmdir'],'action':'SCMP_ACT_ALLOW'}");
    assertThat(coverage.entries())
        .containsExactly(
            new Entry("mkdir", "mkdir", Use.USED, 2), new Entry("rmdir", "rmdir", Use.NEVER, 0));
    assertThat(coverage.refused()).containsOnlyKeys("socket", "chown").containsEntry("socket", 2L);
  }

  @Test
  void whatNoRecordingSeesIsNoCandidate() {
    ProfileCoverage coverage =
        of("{'names':['read','clock_gettime','vfork','rmdir'],'action':'SCMP_ACT_ALLOW'}");
    assertThat(coverage.entries())
        .extracting(Entry::use)
        .containsExactly(Use.UNSEEN, Use.UNSEEN, Use.NEVER, Use.UNSEEN);
  }

  /// The OCI runtime calls under the profile, too.
  @Test
  void theRuntimesCallsCount() {
    CallTally runtime = tally();
    count(runtime, "getppid");
    Recording recording = new Recording(List.of(), some().program(), runtime.calls());
    ResolvedProfile profile =
        Profiles.resolved(Profiles.with("ERRNO", "{'names':['mkdir'],'action':'SCMP_ACT_ALLOW'}"));
    assertThat(ProfileCoverage.of(profile, recording, Architecture.X86_64).refused())
        .containsKey("getppid");
  }

  @Test
  void whatAnOpenProfileDeniesIsRefused() {
    ResolvedProfile profile =
        Profiles.resolved(
            Profiles.with("ALLOW", "{'names':['mkdir'],'action':'SCMP_ACT_KILL_PROCESS'}"));
    assertThat(ProfileCoverage.of(profile, some(), Architecture.X86_64).refused())
        .containsOnlyKeys("mkdir")
        .containsEntry("mkdir", 2L);
  }

  @Test
  void callsOfAnArchitectureThatIsNotListedAreRefused() {
    CallTally tally = tally();
    tally.count(RecordedCalls.X86, RecordedCalls.number(Architecture.X86, "mkdir"), new long[6]);
    ResolvedProfile profile =
        Profiles.resolved(Profiles.with("ERRNO", "{'names':['mkdir'],'action':'SCMP_ACT_ALLOW'}"));
    assertThat(ProfileCoverage.of(profile, recording(tally), Architecture.X86_64).refused())
        .containsOnlyKeys("mkdir");
  }

  @Test
  void conditionsAreLookedAt() {
    ProfileCoverage coverage =
        of(
            "{'names':['socket'],'action':'SCMP_ACT_ALLOW',"
                + "'args':[{'index':0,'value':1,'op':'SCMP_CMP_EQ'}]},"
                + "{'names':['socket'],'action':'SCMP_ACT_ALLOW',"
                + "'args':[{'index':0,'value':2,'op':'SCMP_CMP_EQ'}]},"
                + "{'names':['chown'],'action':'SCMP_ACT_ALLOW',"
                + "'args':[{'index':1,'value':2,'op':'SCMP_CMP_EQ'}]}");
    assertThat(coverage.entries())
        .containsExactly(
            new Entry("chown", "chown(arg1=0x2)", Use.UNKNOWN, 0),
            new Entry("socket", "socket(domain=0x1)", Use.USED, 1),
            new Entry("socket", "socket(domain=0x2)", Use.NEVER, 0));
    assertThat(coverage.refused()).containsOnlyKeys("socket", "mkdir").containsEntry("socket", 1L);
  }

  /// What is made of a recording refuses none of it, and everything that was not added was used.
  @Test
  void ofItsOwnProfile() {
    for (ArgumentConditions level : ArgumentConditions.values()) {
      RecordedProfile made = RecordedProfile.of(some(), wish(level));
      ProfileCoverage coverage = ProfileCoverage.of(made.profile(), some(), Architecture.X86_64);
      assertThat(coverage.refused()).isEmpty();
      assertThat(
              coverage.entries().stream().filter(each -> each.use() == Use.USED).map(Entry::name))
          .contains("mkdir", "socket", "chown")
          .doesNotContain("read");
    }
  }

  @Test
  void aProfileThatAllowsAllIsOpen() {
    ResolvedProfile open =
        Profiles.resolved(Profiles.with("ALLOW", "{'names':['mkdir'],'action':'SCMP_ACT_ERRNO'}"));
    ProfileCoverage coverage = ProfileCoverage.of(open, some(), Architecture.X86_64);
    assertThat(coverage.open()).isTrue();
    assertThat(coverage.entries()).isEmpty();
  }
}
