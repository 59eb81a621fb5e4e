package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.documents.Position;
import org.jspecify.annotations.Nullable;

/// Where an object was read.
///
/// @param file as it was given; `-` for standard input
/// @param template of the Helm chart that it was rendered from, by the comment before it; null
///   where there is none
/// @param listed whether it stands there in a list with others
/// @param inCluster whether it is in no file: `file` is `cluster` then
public record ManifestSource(
    String file, @Nullable String template, boolean listed, boolean inCluster) {
  static final ManifestSource CLUSTER = new ManifestSource("cluster", null, true, true);

  /// One in a file.
  public ManifestSource(String file, @Nullable String template, boolean listed) {
    this(file, template, listed, false);
  }

  /// A place in it, for messages. A user who is to change a rendered object finds the template
  /// first: `web/templates/pod.yaml (standard input:12)`.
  public String place(Position at) {
    String place = Diagnostic.place(file, at);
    return template == null ? place : template + " (" + place + ")";
  }

  /// What stands there is wrong.
  Diagnostic malformed(Position at, String message) {
    return template == null
        ? Diagnostic.malformed(file, at, message)
        : new Diagnostic(place(at) + ": " + message, ExitCode.REFUSED);
  }
}
