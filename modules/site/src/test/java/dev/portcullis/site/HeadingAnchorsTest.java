package dev.portcullis.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadingAnchorsTest {
  /// Each as GitHub has it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Getting started                        | getting-started",
        "run: pods on this machine              | run-pods-on-this-machine",
        "`runtime/default`                      | runtimedefault",
        "Fewer calls, on Kubernetes 1.28        | fewer-calls-on-kubernetes-128",
        "A - B                                  | a---b",
        "snake_case                             | snake_case",
        "Was heißt das?                         | was-heißt-das",
        "[Unreleased]                           | unreleased"
      })
  void asGitHubMakesThem(String heading, String anchor) {
    assertThat(new HeadingAnchors().next(heading)).isEqualTo(anchor);
  }

  @Test
  void eachOnce() {
    HeadingAnchors anchors = new HeadingAnchors();
    assertThat(anchors.next("Limits")).isEqualTo("limits");
    assertThat(anchors.next("Limits")).isEqualTo("limits-1");
    assertThat(anchors.next("Limits 1")).isEqualTo("limits-1-1");
    assertThat(anchors.next("Limits")).isEqualTo("limits-2");
  }
}
