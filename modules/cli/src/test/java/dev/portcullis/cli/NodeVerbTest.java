package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeVerbTest {
  @Test
  void helpShowsTheServerAndItsPart() {
    Run run = Run.of("help", "node");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("--listen unix:///PATH", "node status", "--default-profile");
    assertThat(Run.of("help", "node", "status").out()).contains("--output");
  }

  @Test
  void whatIsNoPart() {
    Run run = Run.of("node", "statsu");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("did you mean node status?");
  }

  /// A right to write there would be one over all nodes.
  @Test
  void recordingsAreNotWrittenWhereProfilesComeFrom() {
    Run same = Run.of("node", "--record", "--recordings-namespace=a", "--profiles-namespace=a");
    assertThat(same.code()).isEqualTo(2);
    assertThat(same.err()).contains("\"a\" is that of the profiles", "give another");
    assertThat(Run.of("node", "--record", "--recordings-namespace=a").err())
        .contains("give --record and --profiles-namespace, too");
    assertThat(Run.of("node", "--recordings-namespace=a", "--profiles-namespace=b").err())
        .contains("give --record and --profiles-namespace, too");
    assertThat(
            Run.of("node", "--record", "--recordings-namespace=A", "--profiles-namespace=b").err())
        .contains("\"A\" is not a valid namespace name");
  }

  @Test
  void aRuntimeThatIsNotThereIsTheWorld() {
    Run run = Run.of("node", "status", "--runtime-endpoint=unix:///nonexistent/x.sock");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("unix:///nonexistent/x.sock", "no such socket");
    assertThat(Run.of("node", "status", "x").code()).isEqualTo(2);
  }
}
