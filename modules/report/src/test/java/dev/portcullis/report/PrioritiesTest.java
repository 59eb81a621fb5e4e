package dev.portcullis.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.Priority.Urgency;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrioritiesTest {
  private static SeccompReport of(Access access, Workload... workloads) {
    return new SeccompReport(
        SampleReports.basis("shop"),
        List.of(workloads),
        List.of(),
        access,
        List.of(),
        List.of(),
        List.of());
  }

  private static Workload workload(int pods, Confinement today) {
    return new Workload(
        "web",
        "v1",
        "Pod",
        List.of("a"),
        pods,
        "",
        List.of(),
        List.of(new WorkloadContainer("app", today, SampleReports.DEFAULT, List.of(), List.of())));
  }

  private static Confinement unconfined(String reason) {
    return new Confinement(State.UNCONFINED, "unconfined", reason, "");
  }

  @Test
  void nothingIsToBeDoneWhereEverythingIsFiltered() {
    assertThat(Priorities.of(of(Access.UNKNOWN, workload(3, SampleReports.DEFAULT)))).isEmpty();
  }

  @Test
  void aContainerIsCountedOnceForEachPod() {
    List<Priority> found =
        Priorities.of(
            of(
                Access.UNKNOWN,
                workload(1, unconfined("privileged")),
                workload(5_000, unconfined("no-profile")),
                workload(1, unconfined("windows")),
                workload(1, new Confinement(State.UNKNOWN, "localhost/a", "pod-field", "")),
                workload(2, unconfined("pod-field")),
                workload(3, unconfined("annotation-ignored")),
                workload(4, unconfined("empty-path"))));
    assertThat(found)
        .extracting(Priority::title)
        .containsExactly(
            "3 containers name a profile in an annotation that Kubernetes 1.36 ignores",
            "5,004 containers name no profile, and have no filter",
            "1 container is privileged",
            "2 containers ask for no filter, or for a profile that denies nothing",
            "The filter of 1 container is not known");
    assertThat(found).isSortedAccordingTo(Comparator.comparing(Priority::urgency));
  }

  @Test
  void whatEverybodyMayUseIsSaid() {
    Access open =
        new Access(
            true,
            List.of("unconfined"),
            List.of(
                new Access.Row(
                    "Group system:authenticated",
                    List.of(new Access.Cell(Access.Where.EVERYWHERE, Access.Where.NOWHERE)))),
            List.of());
    assertThat(Priorities.of(of(open, workload(1, SampleReports.DEFAULT))))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.id()).isEqualTo("unconfined-for-all");
          assertThat(each.urgency()).isEqualTo(Urgency.FIRST);
        });
  }

  private static SeccompReport with(
      List<Workload> workloads, List<ProfilePicture> profiles, List<Exposure> exposure) {
    return new SeccompReport(
        SampleReports.basis("shop"),
        workloads,
        profiles,
        Access.UNKNOWN,
        exposure,
        List.of(),
        List.of());
  }

  @Test
  void theNewestVulnerabilityThatIsReachedIsSaid() {
    Exposure closed =
        new Exposure("CVE-0", "", "", "", "", new Exposure.Tally(0, 0, 3, 0), Exposure.Tally.NONE);
    assertThat(
            Priorities.of(
                with(
                    List.of(),
                    List.of(),
                    List.of(
                        closed, SampleReports.exposure("CVE-1"), SampleReports.exposure("CVE-2")))))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.title()).isEqualTo("1 container reaches CVE-1, a fault");
          assertThat(each.advice())
              .contains("newest of 2 vulnerabilities", "With Portcullis 0 containers reach it.");
          assertThat(each.command()).isEqualTo("portcullis exposure CVE-1 shop");
        });
  }

  @Test
  void whatPortcullisRefusesIsSaid() {
    Workload refused =
        new Workload("web", "v1", "Pod", List.of("a", "b"), 2, "", List.of("no"), List.of());
    assertThat(Priorities.of(with(List.of(refused), List.of(), List.of())))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.title()).isEqualTo("2 workloads would be refused with Portcullis");
          assertThat(each.command()).isEqualTo("portcullis check shop");
        });
  }

  private static ProfilePicture profile(
      String name, ProfilePicture.DefaultRelation relation, List<String> more) {
    return new ProfilePicture(name, "", 1, 1, relation, "", "x86_64", List.of(), List.of(), more);
  }

  @Test
  void profilesThatLetMorePassAreSaid() {
    assertThat(
            Priorities.of(
                with(
                    List.of(),
                    List.of(
                        profile("a", ProfilePicture.DefaultRelation.WEAKER, List.of("bpf")),
                        profile("b", ProfilePicture.DefaultRelation.INCOMPARABLE, List.of("mount")),
                        profile("c", ProfilePicture.DefaultRelation.INCOMPARABLE, List.of()),
                        profile("d", ProfilePicture.DefaultRelation.STRICTER, List.of()),
                        profile("e", ProfilePicture.DefaultRelation.UNKNOWN, List.of())),
                    List.of())))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.id()).isEqualTo("wider-profiles");
          assertThat(each.title())
              .isEqualTo("2 profiles let calls pass that the runtime's default denies");
          assertThat(each.advice()).endsWith("need them: a, b.");
        });
  }

  @Test
  void numbersAreRead() {
    assertThat(List.of(1L, 999L, 1_000L, 12_345_678L))
        .extracting(Words::number)
        .containsExactly("1", "999", "1,000", "12,345,678");
  }

  private static Workload named(String name) {
    return new Workload(
        "shop",
        "v1",
        "Pod",
        List.of(name),
        1,
        "",
        List.of(),
        List.of(
            new WorkloadContainer(
                "app", SampleReports.DEFAULT, SampleReports.DEFAULT, List.of(), List.of())));
  }

  /// What was only logged was made, and nobody waits for it.
  @Test
  void theThreeToWhichMostWasRefusedAreSaid() {
    List<RefusalAccount.OfContainer> all =
        List.of(
            SampleReports.refused(named("a"), SampleReports.call("mkdir", 4_000, null)),
            SampleReports.refused(
                named("logs"),
                new RefusalAccount.Call("mkdir", "x86_64", false, "LOG", true, 3_000, null)),
            SampleReports.refused(named("b"), SampleReports.call("mkdir", 2, null)),
            SampleReports.refused(named("c"), SampleReports.call("mkdir", 1, null)),
            SampleReports.refused(named("d"), SampleReports.call("mkdir", 1, null)));
    SeccompReport report =
        new SeccompReport(
            SampleReports.basis("shop"),
            List.of(),
            List.of(),
            Access.UNKNOWN,
            List.of(),
            new RefusalAccount(true, all, new RefusalAccount.Elsewhere(0, List.of()), 0),
            List.of(),
            List.of());
    assertThat(Priorities.of(report))
        .extracting(Priority::title)
        .containsExactly(
            "4,000 calls were refused to app of a in shop",
            "2 calls were refused to app of b in shop",
            "1 call was refused to app of c in shop");
    assertThat(Priorities.of(report).getFirst().command()).isEqualTo("portcullis profile heal a");
  }
}
