package dev.portcullis.cli.input;

/// What becomes of a container of a pod.
public sealed interface ContainerFate {

  /// It runs.
  ///
  /// @param subject under a profile, with rights
  /// @param words why under this one, for people
  record Runs(ExposureSubject subject, String words) implements ContainerFate {}

  /// It runs where there is no seccomp.
  record OnWindows() implements ContainerFate {}

  /// It does not run.
  ///
  /// @param why empty where nothing more is known
  record NotRun(Hindrance hindrance, String why) implements ContainerFate {}

  /// What keeps a container from running.
  enum Hindrance {
    REFUSED("refused", "is refused"),
    /// A Kubernetes without Portcullis does not run it either.
    NOT_RUN("not-run", "does not run");

    private final String id;
    private final String words;

    Hindrance(String id, String words) {
      this.id = id;
      this.words = words;
    }

    /// The word for it in results.
    public String id() {
      return id;
    }

    /// Within a sentence.
    public String words() {
      return words;
    }
  }
}
