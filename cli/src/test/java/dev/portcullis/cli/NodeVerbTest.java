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

  @Test
  void aRuntimeThatIsNotThereIsTheWorld() {
    Run run = Run.of("node", "status", "--runtime-endpoint=unix:///nonexistent/x.sock");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("unix:///nonexistent/x.sock", "no such socket");
    assertThat(Run.of("node", "status", "x").code()).isEqualTo(2);
  }
}
