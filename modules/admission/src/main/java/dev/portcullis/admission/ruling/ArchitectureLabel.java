package dev.portcullis.admission.ruling;

/// Architectures by the names in the label `kubernetes.io/arch` of nodes: Go's (`GOARCH`).
final class ArchitectureLabel {
  /// The one that this runs on.
  static final String OWN = ofJava(System.getProperty("os.arch"));

  private ArchitectureLabel() {}

  private static String ofJava(String name) {
    return switch (name) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }
}
