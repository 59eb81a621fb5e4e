package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.decide.Judgement;

/// A pod, where it came from and what became of it.
public record JudgedPod(ManifestSource source, Judgement judgement) {

  /// The file as it was given; `-` for standard input.
  public String file() {
    return source.file();
  }

  /// Whether it runs in a cluster, and is in no file.
  public boolean inCluster() {
    return source.inCluster();
  }

  /// A place in its file, for messages.
  public String place(Position at) {
    return source.place(at);
  }
}
