package dev.portcullis.node.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DenialMetricsTest {
  private final DenialMetrics metrics = new DenialMetrics();

  @Test
  void whatIsInNoCountIsThereFromTheStart() {
    assertThat(metrics.page())
        .contains("\nportcullis_denials_omitted_total 0.0\n")
        .contains("\nportcullis_denials_undecided_total 0.0\n");
  }

  /// Else the sum of the refused calls would have those of every trial.
  @Test
  void whatIsLoggedIsNoRefusal() {
    metrics.denied("errno", 1);
    metrics.logged(7);
    assertThat(metrics.page())
        .contains("\nportcullis_denied_calls_total{action=\"errno\"} 1.0\n")
        .contains("\nportcullis_logged_calls_total 7.0\n")
        .doesNotContain("action=\"log\"");
  }

  @Test
  void whatIsInNoCountAddsUp() {
    metrics.incomplete(1, 3, 40);
    metrics.incomplete(0, 2, 0);
    assertThat(metrics.page())
        .contains("\nportcullis_denial_events_lost_total 1.0\n")
        .contains("\nportcullis_denials_omitted_total 5.0\n")
        .contains("\nportcullis_denials_undecided_total 40.0\n");
  }
}
