package dev.portcullis.admission.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.ruling.ReportingNode.NodeRuntime;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import org.junit.jupiter.api.Test;

class ClusterNodesTest {
  private static final Limits LIMITS = new Limits(10_000, 10, 100);

  /// @param rest of a JSON object
  private static NodeRuntime runtime(String rest) {
    return switch (Documents.readJson(("{\"metadata\": {}" + rest + "}").getBytes(UTF_8), LIMITS)) {
      case ParseResult.Documents(var values) ->
          ClusterNodes.runtime(new StoredObject((Mapping) values.getFirst()));
      case ParseResult.Malformed wrong -> throw new IllegalArgumentException(wrong.message());
    };
  }

  @Test
  void theRuntimeThatANodeTells() {
    assertThat(
            runtime(
                """
                , "status": {"runtime": {"name": "containerd", "version": "1.6.20"},
                             "libseccomp": "2.5.4"}\
                """))
        .isEqualTo(new NodeRuntime("containerd", "1.6.20", "2.5.4"));
  }

  @Test
  void whatANodeDoesNotTellIsUntold() {
    assertThat(runtime("")).isEqualTo(NodeRuntime.UNTOLD);
    assertThat(runtime(", \"status\": \"ready\"")).isEqualTo(NodeRuntime.UNTOLD);
    assertThat(runtime(", \"status\": {\"runtime\": \"containerd\", \"libseccomp\": 2}"))
        .isEqualTo(NodeRuntime.UNTOLD);
    assertThat(runtime(", \"status\": {\"runtime\": {\"name\": 1}, \"libseccomp\": \"2.5.4\"}"))
        .isEqualTo(new NodeRuntime("", "", "2.5.4"));
  }
}
