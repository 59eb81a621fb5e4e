package dev.portcullis.admission.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Position;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.5Z");

  private static String patch(List<FieldError> errors) {
    return JsonWriter.compact(PolicyStatus.patch(3, errors, NOW));
  }

  /// No string in it is empty: an API server of 1.20 refused that.
  @Test
  void ofAPolicyThatCanBeUsed() {
    assertThat(patch(List.of()))
        .isEqualTo(
            "{\"status\":{\"observedGeneration\":3,\"invalidEntries\":0,\"conditions\":[{\"type\":\"Valid\",\"status\":\"True\",\"reason\":\"AllEntriesUsable\",\"message\":\"all"
                + " entries are valid\","
                + "\"observedGeneration\":3,\"lastTransitionTime\":\"2026-11-23T10:00:00Z\"}]}}");
  }

  @Test
  void ofOneWithWrongEntries() {
    FieldError wrong =
        FieldError.typeInvalid(new FieldPath("spec.allowedProfiles[0]", Position.NONE), "no name");
    assertThat(patch(List.of(wrong)))
        .contains("\"invalidEntries\":1", "\"status\":\"False\"")
        .contains("\"message\":\"spec.allowedProfiles[0]: no name\"");
    assertThat(patch(Collections.nCopies(7, wrong)))
        .contains("\"invalidEntries\":7", "no name; and 2 more\"");
  }
}
