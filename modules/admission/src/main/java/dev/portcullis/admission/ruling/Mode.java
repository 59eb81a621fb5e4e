package dev.portcullis.admission.ruling;

import org.jspecify.annotations.Nullable;

/// How much the webhook does about the pods of a namespace.
public enum Mode {
  /// Annotations take effect, the default is applied, and what is not allowed is refused.
  ENFORCE("enforce"),
  /// Nothing changes; anyone who sends a pod that would be refused is warned.
  WARN("warn"),
  /// Nothing changes; what would be refused stands in the audit log.
  AUDIT("audit"),
  /// Nothing is looked at.
  OFF("off");

  /// The label by which a namespace has a mode of its own.
  public static final String LABEL = "portcullis.dev/mode";

  private final String text;

  Mode(String text) {
    this.text = text;
  }

  /// The word for it in flags, labels and metrics.
  public String text() {
    return text;
  }

  /// The mode of a word; null where it is none.
  public static @Nullable Mode named(String text) {
    for (Mode mode : values()) {
      if (mode.text.equals(text)) {
        return mode;
      }
    }
    return null;
  }
}
