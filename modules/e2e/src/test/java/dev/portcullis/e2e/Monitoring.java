package dev.portcullis.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What stands in deploy/monitoring: the expressions that Prometheus is asked.
final class Monitoring {
  static final Path DIRECTORY = Path.of("deploy/monitoring");

  private static final Pattern METRIC = Pattern.compile("\\bportcullis_[a-z_]+");

  private Monitoring() {}

  private static Tree only(String file) throws IOException {
    return Tree.all(DIRECTORY.resolve(file)).getFirst();
  }

  static List<Tree> groups() throws IOException {
    return only("rules.yaml").at("spec").objects("groups");
  }

  static List<Tree> alerts() throws IOException {
    return groups().stream().flatMap(group -> group.objects("rules").stream()).toList();
  }

  /// The panels of the dashboard that show something; rows have no target.
  static List<Tree> panels() throws IOException {
    return only("dashboard.json").objects("panels").stream()
        .filter(panel -> panel.has("targets"))
        .toList();
  }

  /// Every expression of an alert or a panel, as Grafana would send it.
  static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    alerts().forEach(alert -> expressions.add(alert.text("expr")));
    for (Tree panel : panels()) {
      panel.objects("targets").forEach(target -> expressions.add(target.text("expr")));
    }
    return expressions.stream().map(it -> it.replace("$__rate_interval", "5m")).toList();
  }

  /// The metrics that occur in them.
  static Set<String> metrics() throws IOException {
    Set<String> metrics = new TreeSet<>();
    for (String expression : expressions()) {
      METRIC.matcher(expression).results().map(MatchResult::group).forEach(metrics::add);
    }
    return metrics;
  }
}
