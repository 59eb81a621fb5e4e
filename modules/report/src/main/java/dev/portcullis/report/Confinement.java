package dev.portcullis.report;

import java.util.Set;

/// What becomes of a container.
///
/// @param profile the name of the profile that it runs under; empty where it does not run
/// @param reason why, as a word: `pod-field`, `annotation-ignored`
/// @param words why, for people
public record Confinement(State state, String profile, String reason, String words) {
  static final String ANNOTATION_IGNORED = "annotation-ignored";
  static final String NO_PROFILE = "no-profile";
  static final String EMPTY_PATH = "empty-path";
  static final String PRIVILEGED = "privileged";
  static final String WINDOWS = "windows";

  /// The reasons that a report distinguishes; `check` has the same words.
  public static final Set<String> REASONS =
      Set.of(ANNOTATION_IGNORED, NO_PROFILE, EMPTY_PATH, PRIVILEGED, WINDOWS);

  /// Whether there is seccomp where it runs, and it runs.
  boolean filterable() {
    return state != State.NOT_RUN && !reason.equals(WINDOWS);
  }

  /// In one word. The order is that of pictures.
  public enum State {
    /// A profile that was named, whose content is known and denies something.
    OWN("own-profile", "own profile"),
    /// What the runtime gives.
    DEFAULT("runtime-default", "runtime's default"),
    /// No filter, or one that denies nothing.
    UNCONFINED("unconfined", "no filter"),
    /// The content of the profile is not known, or something else chooses the filter.
    UNKNOWN("unknown", "unknown"),
    /// It does not run.
    NOT_RUN("not-run", "does not run");

    private final String id;
    private final String title;

    State(String id, String title) {
      this.id = id;
      this.title = title;
    }

    /// The word for it in results for programs.
    public String id() {
      return id;
    }

    /// For people.
    public String title() {
      return title;
    }
  }
}
