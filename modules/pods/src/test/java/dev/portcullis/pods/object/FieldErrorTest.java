package dev.portcullis.pods.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.object.FieldError.Kind;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The words of errors: `field-errors.txt` has an object, and what is said about it.
final class FieldErrorTest {
  private static final FieldPath FIELD = new FieldPath("spec.a", Position.NONE);

  /// @param yaml the object
  /// @param said kind and path of each error, and its message
  private record Entry(String yaml, List<String> said) {}

  private static List<Entry> table() throws IOException {
    List<Entry> table = new ArrayList<>();
    try (InputStream file = FieldErrorTest.class.getResourceAsStream("field-errors.txt")) {
      for (String line :
          new String(Objects.requireNonNull(file).readAllBytes(), UTF_8).split("\n")) {
        if (line.startsWith("  ")) {
          table.getLast().said().add(line);
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          table.add(new Entry(line, new ArrayList<>()));
        }
      }
    }
    return table;
  }

  private static List<FieldError> errors(String yaml) {
    return switch (Manifests.found(yaml).getFirst()) {
      case ObjectReader.Broken(FieldError error) -> List.of(error);
      case ObjectReader.Foreign foreign -> throw new AssertionError(foreign);
      case KubernetesObject object -> errors(object);
    };
  }

  private static List<FieldError> errors(KubernetesObject object) {
    if (RbacReader.isRbac(object)) {
      return new RbacReader("default").add(object);
    }
    if (PolicyReader.read(object) instanceof PolicyReader.Broken(List<FieldError> errors, _)) {
      return errors;
    }
    Pod pod = PodReader.read(object);
    return pod == null ? List.of() : pod.errors();
  }

  @TestFactory
  Stream<DynamicTest> whatIsSaid() throws IOException {
    return table().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.yaml(),
                () ->
                    assertEquals(
                        String.join("\n", entry.said()),
                        String.join(
                            "\n",
                            errors(entry.yaml()).stream()
                                .map(error ->
                                    "  %s %s\n    %s"
                                        .formatted(error.kind(), error.field(), error.message()))
                                .toList()))));
  }

  /// The other two are said by those who decide about pods, and who run them.
  @Test
  void theTableHasEveryKindThatAReaderFinds() throws IOException {
    Set<Kind> found = EnumSet.noneOf(Kind.class);
    for (Entry entry : table()) {
      errors(entry.yaml()).forEach(error -> found.add(error.kind()));
    }
    assertThat(found)
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Kind.INTERNAL, Kind.NOT_IMPLEMENTED)));
    assertThat(FieldError.internal(FIELD, "cannot decide").message())
        .isEqualTo("Internal error: cannot decide");
    assertThat(FieldError.notImplemented(FIELD, "remove it").message()).isEqualTo("remove it");
  }

  @Test
  void aValueThatIsASecretIsNotShown() {
    assertThat(FieldError.invalid(FIELD, "must be base64").message())
        .isEqualTo("Invalid value: must be base64");
  }
}
