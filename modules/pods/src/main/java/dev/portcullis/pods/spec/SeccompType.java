package dev.portcullis.pods.spec;

import java.util.Arrays;
import java.util.List;

/// The `type` of a `seccompProfile`.
public sealed interface SeccompType {

  /// As it is written.
  String text();

  /// One that Kubernetes knows.
  enum Known implements SeccompType {
    LOCALHOST("Localhost"),
    RUNTIME_DEFAULT("RuntimeDefault"),
    UNCONFINED("Unconfined");

    private final String text;

    Known(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }

    static List<String> texts() {
      return Arrays.stream(values()).map(Known::text).toList();
    }
  }

  /// Any other one.
  ///
  /// @param text empty where it is absent, as Go decodes it
  record Unknown(String text) implements SeccompType {}

  static SeccompType of(String text) {
    for (Known known : Known.values()) {
      if (known.text.equals(text)) {
        return known;
      }
    }
    return new Unknown(text);
  }
}
