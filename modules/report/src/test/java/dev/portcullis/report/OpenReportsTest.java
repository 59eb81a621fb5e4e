package dev.portcullis.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OpenReportsTest {
  private static SeccompReport one(Workload workload) {
    return new SeccompReport(
        SampleReports.basis("shop"),
        List.of(workload),
        List.of(),
        Access.UNKNOWN,
        List.of(),
        List.of(),
        List.of());
  }

  private static Workload of(List<String> names, List<WorkloadContainer> containers) {
    return new Workload("shop", "v1", "Pod", names, names.size(), "", List.of(), containers);
  }

  private static WorkloadContainer container(Confinement today) {
    return new WorkloadContainer("app", today, SampleReports.DEFAULT, List.of(), List.of("CVE-1"));
  }

  @Test
  void aContainerIsAResultThatIsCounted() {
    List<Mapping> objects =
        OpenReports.of(
            one(
                of(
                    List.of("a"),
                    List.of(
                        container(SampleReports.NO_FILTER),
                        container(SampleReports.DEFAULT),
                        container(new Confinement(Confinement.State.UNKNOWN, "", "", ""))))),
            1_795_000_000);
    assertThat(objects).hasSize(1);
    assertThat(JsonWriter.pretty(objects.getFirst()).replaceAll("\\s+", ""))
        .contains("\"apiVersion\":\"openreports.io/v1alpha1\",\"kind\":\"Report\"")
        .contains("\"summary\":{\"pass\":1,\"fail\":1,\"warn\":0,\"error\":1,\"skip\":0}")
        .contains("\"timestamp\":{\"seconds\":1795000000,\"nanos\":0}")
        .contains(
            "\"resources\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"namespace\":\"shop\","
                + "\"name\":\"a\"}]")
        .contains("\"message\":\"containerapp:nofilter(unconfined),asnothingnamesaprofile\"");
  }

  /// `kubectl apply` writes the object into an annotation of 262,144 bytes; etcd takes 1.5 MB.
  @Test
  void noObjectIsTooLarge() {
    String name = "a".repeat(253);
    List<String> names = Collections.nCopies(3_000, name);
    List<WorkloadContainer> containers =
        Collections.nCopies(
            3,
            container(
                new Confinement(Confinement.State.UNKNOWN, "<", "<", "\u0001<".repeat(3_000))));
    List<Mapping> objects = OpenReports.of(one(of(names, containers)), 0);
    assertThat(objects).hasSizeGreaterThan(1);
    assertThat(objects)
        .allSatisfy(each ->
            assertThat(JsonWriter.compact(each).replaceAll("[<>&]", "\\\\u003c").length())
                .isLessThan(262_000));
    assertThat(objects.stream().map(JsonWriter::pretty))
        .extracting(text -> text.replaceAll("(?s).*?\"name\" : \"(portcullis[^\"]*)\".*", "$1"))
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsHiddenInANameIsShown() {
    WorkloadContainer hostile =
        new WorkloadContainer(
            "a\u202eb", SampleReports.DEFAULT, SampleReports.DEFAULT, List.of(), List.of());
    assertThat(
            JsonWriter.compact(
                OpenReports.of(one(of(List.of("a"), List.of(hostile))), 0).getFirst()))
        .contains("container a\\\\u{202e}b: ")
        .contains("\"container\":\"a\\\\u{202e}b\"");
  }

  @Test
  void whatIsUndecidedIsAProperty() {
    assertThat(
            JsonWriter.compact(
                OpenReports.of(one(of(List.of("a"), List.of(container(SampleReports.DEFAULT)))), 0)
                    .getFirst()))
        .contains("\"undecided\":\"CVE-1\"");
  }

  /// An API server would refuse the object.
  @Test
  void namesAreValidOrNotThere() {
    List<Mapping> objects =
        OpenReports.of(
            one(
                of(
                    List.of("", "a".repeat(254), "<b>", "good.name"),
                    List.of(container(SampleReports.DEFAULT)))),
            0);
    String text = JsonWriter.compact(objects.getFirst());
    assertThat(Pattern.compile("\"name\":\"([^\"]*)\"").matcher(text).results())
        .extracting(found -> found.group(1))
        .containsExactly("portcullis-seccomp", "shop", "good.name");
    SeccompReport elsewhere =
        one(
            new Workload(
                "No Namespace",
                "v1",
                "Pod",
                List.of("a"),
                1,
                "",
                List.of(),
                List.of(container(SampleReports.DEFAULT))));
    assertThat(OpenReports.of(elsewhere, 0)).isEmpty();
    assertThat(OpenReports.impossible(elsewhere)).containsExactly("No Namespace");
  }
}
