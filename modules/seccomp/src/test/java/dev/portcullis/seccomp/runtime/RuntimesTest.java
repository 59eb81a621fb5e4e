package dev.portcullis.seccomp.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Capabilities;
import dev.portcullis.seccomp.runtime.ContainerRuntimeFacts.ProcessMaker;
import dev.portcullis.seccomp.runtime.OciRuntimeFacts.Prologue;
import dev.portcullis.seccomp.runtime.RecognisedRuntime.Certainty;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimesTest {
  private static final Runtimes KNOWN = Runtimes.known();
  private static final Set<String> NINE =
      Set.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_KILL");

  private static RecognisedRuntime<ContainerRuntimeFacts> container(String name, String version) {
    return KNOWN.container(name, version).orElseThrow();
  }

  private static OciRuntimeFacts oci(String name, String version) {
    return KNOWN.oci(name, version).orElseThrow().facts();
  }

  @ParameterizedTest
  @CsvSource({
    "containerd, 1.6.20~ds1, 1.6, READ",
    "containerd, v2.1.4, 2.1, READ",
    "containerd, 2.3.99, 2.1, READ",
    "containerd, 2.4.0, 2.1, NEWER",
    "containerd, 3.0.0, 2.1, NEWER",
    "containerd, 1.5.11, 1.6, OLDER",
    "containerd, local, 2.1, UNREADABLE",
    "cri-o, 1.27.9, 1.25, READ",
    "cri-o, 1.28.0, 1.28, READ",
    "cri-o, 1.36.3, 1.34, READ",
    "cri-o, 1.37.0, 1.34, READ",
    "cri-o, 1.38.0, 1.34, NEWER",
  })
  void theNewestRowThatIsNoNewerCounts(
      String name, String version, String row, Certainty certainty) {
    RecognisedRuntime<?> recognised = container(name, version);
    assertThat(recognised.from().text()).isEqualTo(row);
    assertThat(recognised.certainty()).isEqualTo(certainty);
  }

  @Test
  void whatIsNotKnownIsSaid() {
    assertThat(container("cri-o", "1.36.3").doubt()).isEmpty();
    assertThat(container("cri-o", "1.38.0").doubt())
        .isEqualTo(
            "unknown version: 1.38.0 is newer than the known versions; the facts of 1.37 are used");
    assertThat(container("containerd", "1.5.1").doubt())
        .isEqualTo(
            "unknown version: 1.5.1 is older than the known versions; the facts of 1.6 are used");
    assertThat(container("containerd", "local").doubt())
        .isEqualTo("unknown version: local is not a readable version; the facts of 2.3 are used");
    assertThat(KNOWN.container("docker", "20.10.24")).isEmpty();
    assertThat(KNOWN.oci("kata", "3.0")).isEmpty();
  }

  @Test
  void containerRuntimesDiffer() {
    ContainerRuntimeFacts containerd = container("containerd", "2.1.4").facts();
    assertThat(containerd.defaultCapabilities()).hasSize(14).containsAll(NINE);
    assertThat(containerd.processMadeBy()).isEqualTo(ProcessMaker.START_CONTAINER);
    assertThat(containerd.mayFilterPrivileged()).isFalse();
    assertThat(containerd.mayDifferByHandler()).isFalse();
    assertThat(containerd.restoresCheckpoints()).isTrue();
    assertThat(container("containerd", "1.7.28").facts().restoresCheckpoints()).isFalse();
    ContainerRuntimeFacts crio = container("cri-o", "1.36.3").facts();
    assertThat(crio.defaultCapabilities()).isEqualTo(NINE);
    assertThat(crio.defaultProfile()).containsExactly("RuntimeDefault");
    assertThat(crio.processMadeBy()).isEqualTo(ProcessMaker.CREATE_CONTAINER);
    assertThat(crio.mayFilterPrivileged()).isTrue();
    assertThat(crio.mayDifferByHandler()).isTrue();
    assertThat(container("cri-o", "1.32.1").facts().mayFilterPrivileged()).isFalse();
    assertThat(container("cri-o", "1.33.1").facts().mayDifferByHandler()).isFalse();
    assertThat(KNOWN.capabilitiesOfAll()).isEqualTo(NINE);
    assertThat(KNOWN.namesOfDefault())
        .containsExactlyInAnyOrder("runtime/default", "docker/default", "RuntimeDefault");
    assertThat(Capabilities.all()).containsAll(containerd.defaultCapabilities());
  }

  @Test
  void ociRuntimesDiffer() {
    assertThat(oci("runc", "1.1.5").prologue()).isEqualTo(Prologue.LISTED);
    assertThat(oci("runc", "1.1.15").prologue()).isEqualTo(Prologue.LISTED_AND_OWN);
    assertThat(oci("runc", "1.1.15").treeAbove()).isEqualTo(Integer.MAX_VALUE);
    assertThat(oci("runc", "1.3.6").treeAbove()).isEqualTo(32);
    assertThat(oci("runc", "1.1.5").flags()).isEmpty();
    assertThat(oci("runc", "1.4.3").flags()).hasSize(3);
    assertThat(oci("runc", "1.5.1").flags()).hasSize(4);
    assertThat(oci("runc", "1.1.7").refusedArchitectures()).contains(Architecture.RISCV64);
    assertThat(oci("runc", "1.1.8").refusedArchitectures()).doesNotContain(Architecture.RISCV64);
    assertThat(oci("crun", "1.8.1").prologue()).isEqualTo(Prologue.NONE);
    assertThat(oci("crun", "1.8.1").conditions()).isEqualTo(6);
    assertThat(oci("crun", "1.29.1").conditions()).isEqualTo(6);
    assertThat(oci("crun", "1.30").conditions()).isEqualTo(Integer.MAX_VALUE);
    assertThat(oci("crun", "1.30").refusedArchitectures()).isEmpty();
    assertThat(KNOWN.flags()).containsAll(oci("runc", "1.5.1").flags()).hasSize(4);
  }

  private static String rows(String... lines) {
    return String.join("\n", lines);
  }

  @Test
  void aFactHasASource() {
    assertThat(RuntimesFile.read(rows("a 1.0 to 1.1", "  b: c", "    d")).get("a")).hasSize(1);
    for (String text :
        List.of(
            rows("a 1.0 to 1.1", "  b: c"),
            rows("a 1.0 to 1.1", "  b: c", "  d: e", "    f"),
            rows("a 1.0 to 1.1", "  b: c", "a 1.2 to 1.3"))) {
      assertThatThrownBy(() -> RuntimesFile.read(text))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("\"b: c\" has no source");
    }
  }

  @Test
  void rowsAreInOrderAndTheLastSaysWhatWasRead() {
    List<RuntimesFile.Row> rows =
        RuntimesFile.read(
                rows(
                    "a 1.0",
                    "  b: c",
                    "    s",
                    "  d: e",
                    "    s",
                    "a 2.0 to 2.1",
                    "  b: f",
                    "    s"))
            .get("a");
    assertThat(rows).isNotNull().hasSize(2);
    assertThat(rows.getLast().word("b")).isEqualTo("f");
    assertThat(rows.getLast().word("d")).isEqualTo("e");
    assertThat(rows.getFirst().word("b")).isEqualTo("c");
    for (String text :
        List.of(
            rows("a 1.0", "  b: c", "    s"),
            rows("a 2.0", "a 1.0 to 1.1"),
            rows("a 1.0 to 1.1", "a 2.0 to 2.1"),
            rows("  b: c", "    s"),
            rows("a 1.0 to 1.1", "b"))) {
      assertThatThrownBy(() -> RuntimesFile.read(text)).isInstanceOf(IllegalStateException.class);
    }
  }
}
