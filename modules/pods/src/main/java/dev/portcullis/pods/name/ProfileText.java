package dev.portcullis.pods.name;

import java.util.ArrayList;
import java.util.List;

/// The text of a profile name, judged as the Kubernetes API server judges the value of a seccomp
/// annotation.
///
/// Nothing is trimmed, cleaned or folded (`ValidateSeccompProfile` and
/// `validateLocalDescendingPath` in Kubernetes' `pkg/apis/core/validation`).
public final class ProfileText {
  static final String RUNTIME_DEFAULT = "runtime/default";
  static final String UNCONFINED = "unconfined";

  /// Before the path in the name of a profile below the profile root.
  public static final String LOCALHOST_PREFIX = "localhost/";

  /// The old spelling of `runtime/default`.
  static final String DOCKER_DEFAULT = "docker/default";

  private static final Problem EMPTY_PATH =
      new Problem("", "must name a file below the profile root");

  private ProfileText() {}

  /// What an annotation's value names.
  public sealed interface Meaning {}

  /// A profile.
  public record Named(ProfileName name) implements Meaning {}

  /// Nothing that could be run.
  ///
  /// @param problems at least one
  public record Unusable(List<Problem> problems) implements Meaning {
    public Unusable {
      problems = List.copyOf(problems);
    }

    /// Whether it is a localhost profile without a path, which Kubernetes takes for valid.
    public boolean emptyPath() {
      return problems.equals(List.of(EMPTY_PATH));
    }
  }

  /// Why a text names no profile.
  ///
  /// @param found the part of the text that is wrong: for a path, what stands after `localhost/`
  /// @param detail Kubernetes' own words where it refuses the text too, and after them what was
  ///   probably meant
  public record Problem(String found, String detail) {}

  /// What the value of a seccomp annotation names.
  ///
  /// Stricter than Kubernetes in one point: `localhost/` with nothing after it passes there, and
  /// has run containers without a filter (CVE-2023-2431). Here it is unusable.
  public static Meaning read(String value) {
    return switch (value) {
      case RUNTIME_DEFAULT, DOCKER_DEFAULT -> new Named(ProfileName.RUNTIME_DEFAULT);
      case UNCONFINED -> new Named(ProfileName.UNCONFINED);
      default ->
          value.startsWith(LOCALHOST_PREFIX)
              ? localhost(value.substring(LOCALHOST_PREFIX.length()))
              : new Unusable(
                  List.of(
                      new Problem(
                          value, "must be a valid seccomp profile" + MeantProfile.hint(value))));
    };
  }

  /// What a field of type `Localhost` with this `localhostProfile` names.
  public static Meaning localhost(String path) {
    if (path.isEmpty()) {
      return new Unusable(List.of(EMPTY_PATH));
    }
    List<Problem> problems = pathProblems(path);
    return problems.isEmpty() ? new Named(new ProfileName.Localhost(path)) : new Unusable(problems);
  }

  /// Why Kubernetes refuses the value of a seccomp annotation; empty where it does not.
  public static List<Problem> problems(String value) {
    if (value.equals(LOCALHOST_PREFIX)) {
      return List.of();
    }
    return switch (read(value)) {
      case Named _ -> List.of();
      case Unusable unusable -> unusable.problems();
    };
  }

  /// Why Kubernetes refuses a path below the profile root; empty where it does not. Only an element
  /// that *is* `..` climbs: `..a` and `a..` are file names, and a backslash is a character.
  public static List<Problem> pathProblems(String path) {
    List<Problem> problems = new ArrayList<>(2);
    if (path.startsWith("/")) {
      problems.add(new Problem(path, "must be a relative path" + MeantProfile.pathHint(path)));
    }
    if (("/" + path + "/").contains("/../")) {
      problems.add(new Problem(path, "must not contain '..'"));
    }
    return problems;
  }

  /// Whether a text is spelt in the way that Kubernetes gave up.
  public static boolean isOldSpelling(String value) {
    return value.equals(DOCKER_DEFAULT);
  }
}
