package dev.portcullis.pods.fix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Layout;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.TextEdit;
import dev.portcullis.documents.Value;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What an editor that is wrong would write is not taken.
class FixProofTest {
  private static final FixRules RULES = new FixRules(null, false);
  private static final String BEFORE =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: p
        annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}
      spec:
        containers:
        - {name: c, image: i}
      """;

  private static Value read(String text, Layout layout) {
    return switch (Documents.read(text.getBytes(UTF_8), Limits.MANIFEST, layout)) {
      case ParseResult.Documents documents -> documents.values().getFirst();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private static @Nullable String failure(String after) {
    Layout layout = new Layout();
    DocumentPlan plan = DocumentPlan.of(layout, read(BEFORE, layout), RULES);
    return new FixProof(RULES).failure(plan, read(after, new Layout()));
  }

  @Test
  void onlyWhatWasAskedForIsTaken() {
    Layout layout = new Layout();
    DocumentPlan plan = DocumentPlan.of(layout, read(BEFORE, layout), RULES);
    String right = TextEdit.apply(BEFORE, plan.edits());
    assertThat(failure(right)).isNull();
    assertThat(failure(BEFORE)).isEqualTo("something else would change at line 7");
    assertThat(failure(right.replace("RuntimeDefault", "Unconfined"))).isNotNull();
    assertThat(failure(right.replace("image: i", "image: j"))).contains("at line 8");
    assertThat(failure(right.replace("name: c", "name: d"))).isNotNull();
    assertThat(failure(right.replace("runtime/default", "unconfined"))).isNotNull();
    assertThat(failure(right + "  hostNetwork: true\n")).isNotNull();
  }
}
