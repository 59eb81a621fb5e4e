package dev.portcullis.cel;

/// How much is done about the pods of a namespace; by the label of the namespace, and where it has
/// none, by the choice for the cluster.
public enum NamespaceMode {
  /// Annotations take effect, the default is applied, and what is not allowed is refused.
  ENFORCE("enforce"),
  /// Nothing changes; anyone who sends a pod that would be refused is warned.
  WARN("warn"),
  /// Nothing changes; what would be refused stands in the audit log.
  AUDIT("audit");

  private final String text;

  NamespaceMode(String text) {
    this.text = text;
  }

  /// The word for it in flags and labels.
  public String text() {
    return text;
  }
}
