package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The alerts and the dashboard of deploy/monitoring, without a cluster.
class MonitoringTest {
  private static final Path CASES = Path.of("modules/e2e/src/test/resources/alerts/test.yaml");

  @TempDir private Path directory;

  /// The groups of the PrometheusRule as the file that Prometheus reads.
  ///
  /// @param annotations whether with the texts, which are not for the cases
  private Path rules(boolean annotations) throws IOException {
    String text = Files.readString(Monitoring.DIRECTORY.resolve("rules.yaml"));
    String groups = text.substring(text.indexOf("  groups:\n")).replaceAll("(?m)^  ", "");
    if (!annotations) {
      groups = groups.replaceAll("(?m)^ +annotations:\n( {10,}.*\n)+", "");
    }
    return Files.writeString(directory.resolve("rules.yaml"), groups);
  }

  @Test
  void prometheusTakesTheRules() throws Exception {
    String said = Prometheus.promtool(directory, "check", "rules", rules(true).toString());
    assertThat(said).contains("SUCCESS: " + Monitoring.alerts().size() + " rules found");
  }

  /// Each fires when it should, and is silent when not.
  @Test
  void theCasesHold() throws Exception {
    Path rules = rules(false);
    assertThat(rules).content().doesNotContain("annotations").contains("PortcullisProofFailed");
    Path cases = Files.copy(CASES, directory.resolve("test.yaml"));
    assertThat(Prometheus.promtool(directory, "test", "rules", cases.toString()))
        .contains("SUCCESS");
  }

  @Test
  void everyAlertHasACaseThatFiresAndOneThatDoesNot() throws IOException {
    Set<String> firing = new HashSet<>();
    Set<String> silent = new HashSet<>();
    for (Tree test : Tree.all(CASES).getFirst().objects("tests")) {
      for (Tree check : test.objects("alert_rule_test")) {
        (check.objects("exp_alerts").isEmpty() ? silent : firing).add(check.text("alertname"));
      }
    }
    List<String> alerts = Monitoring.alerts().stream().map(it -> it.text("alert")).toList();
    assertThat(alerts).doesNotHaveDuplicates().isNotEmpty();
    assertThat(firing).containsExactlyInAnyOrderElementsOf(alerts);
    // A certificate, a slow webhook and a flooded port have the silent series beside the other.
    assertThat(silent).isSubsetOf(alerts).hasSizeGreaterThan(alerts.size() / 2);
  }

  @Test
  void everyAlertHasItsParagraph() throws IOException {
    String document = Files.readString(Path.of("docs/alerts.md"));
    for (Tree alert : Monitoring.alerts()) {
      String name = alert.text("alert");
      Tree annotations = alert.at("annotations");
      assertThat(annotations.text("runbook"))
          .isEqualTo("docs/alerts.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(document).contains("\n### " + name + "\n");
      assertThat(annotations.text("summary")).isNotBlank();
      assertThat(annotations.text("description")).isNotBlank();
      assertThat(alert.at("labels").text("severity")).isIn("critical", "warning");
    }
    Matcher headings = Pattern.compile("(?m)^### (\\w+)$").matcher(document);
    assertThat(headings.results().map(it -> it.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            Monitoring.alerts().stream().map(it -> it.text("alert")).toList());
  }

  /// As recording rules, so that promtool reads the expressions of the dashboard.
  @Test
  void prometheusTakesTheDashboardsExpressions() throws Exception {
    StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
    List<String> expressions = Monitoring.expressions();
    for (int i = 0; i < expressions.size(); i++) {
      rules
          .append("  - {record: 'expression_%d', expr: '".formatted(i))
          .append(expressions.get(i).replace('\n', ' '))
          .append("'}\n");
    }
    Path file = Files.writeString(directory.resolve("dashboard.yaml"), rules);
    assertThat(Prometheus.promtool(directory, "check", "rules", file.toString()))
        .contains("SUCCESS: " + expressions.size() + " rules found");
  }

  @Test
  void thePanelsAreApartAndSayWhatTheyShow() throws IOException {
    List<Tree> panels = Monitoring.panels();
    assertThat(panels).extracting(it -> it.text("title")).doesNotHaveDuplicates();
    Set<String> taken = new HashSet<>();
    for (Tree panel : panels) {
      Tree place = panel.at("gridPos");
      int right = number(place, "x") + number(place, "w");
      assertThat(right).isLessThanOrEqualTo(24);
      for (int x = number(place, "x"); x < right; x++) {
        for (int y = number(place, "y"); y < number(place, "y") + number(place, "h"); y++) {
          assertThat(taken.add(x + "," + y)).as(panel.text("title")).isTrue();
        }
      }
    }
  }

  private static int number(Tree tree, String key) {
    return Integer.parseInt(tree.text(key));
  }
}
