package dev.portcullis.node.proof;

import dev.portcullis.node.cri.Cri;
import dev.portcullis.node.cri.CriException;
import dev.portcullis.node.cri.GivenSeccomp;
import dev.portcullis.node.cri.KnownContainer;
import dev.portcullis.node.cri.Listed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The profile behind `runtime/default`, as a runtime really has it. CRI has no question for it: a
/// container that runs under it is looked for, and the runtime asked what that was given.
public final class RuntimeDefaultProfile {
  private static final int MOST_QUESTIONS = 1_000;

  private RuntimeDefaultProfile() {}

  /// What came of the search.
  public sealed interface Search {}

  /// A container has it.
  ///
  /// @param container the id of the container, or of the sandbox
  /// @param given has a profile
  public record Found(String container, GivenSeccomp given) implements Search {}

  /// No container that runs can tell.
  public record NotFound(String reason) implements Search {}

  /// Looks for it.
  ///
  /// @param capabilities of the container that it is wanted for, in names as `CAP_CHOWN`:
  ///   containerd adds calls to its default by the capabilities of each container
  public static Search search(Cri cri, Set<String> capabilities) throws CriException {
    Set<String> others = new TreeSet<>();
    for (Question question : questions(cri)) {
      Optional<GivenSeccomp> given = ask(question);
      Optional<byte[]> profile =
          given.filter(GivenSeccomp::isRuntimeDefault).flatMap(GivenSeccomp::profile);
      if (profile.isEmpty()) {
        continue;
      }
      Set<String> bounding = given.orElseThrow().boundingCapabilities();
      if (bounding.equals(capabilities)) {
        return new Found(question.id(), given.orElseThrow());
      }
      others.add(difference(bounding, capabilities));
    }
    return new NotFound(
        others.isEmpty()
            ? "nothing runs here under runtime/default, or the runtime does not tell; start a pod"
                + " that asks for it and stays, and ask again"
            : "containers run here under runtime/default, but none with these capabilities, on which"
                + " the default depends; there are some with "
                + String.join("; with ", others)
                + ": name those with --capabilities, or start one that fits");
  }

  private interface Asking {
    Optional<GivenSeccomp> ask() throws CriException;
  }

  private record Question(String id, Asking asking) {}

  /// Containers first: they are what the answer is about. Kubelets ask for the default for the
  /// sandbox, too.
  private static List<Question> questions(Cri cri) throws CriException {
    List<Question> questions = new ArrayList<>();
    for (KnownContainer container : cri.all()) {
      if (container.running()) {
        questions.add(new Question(container.id(), () -> cri.given(container.id())));
      }
    }
    for (Listed sandbox : cri.sandboxes(Map.of())) {
      questions.add(new Question(sandbox.id(), () -> cri.givenToSandbox(sandbox.id())));
    }
    return questions.subList(0, Math.min(questions.size(), MOST_QUESTIONS));
  }

  private static Optional<GivenSeccomp> ask(Question question) throws CriException {
    try {
      return question.asking().ask();
    } catch (CriException gone) {
      if (gone.kind() == CriException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw gone;
    }
  }

  private static String difference(Set<String> has, Set<String> wanted) {
    Set<String> more = new TreeSet<>(has);
    more.removeAll(wanted);
    Set<String> less = new TreeSet<>(wanted);
    less.removeAll(has);
    return (more.isEmpty() ? "" : "also " + String.join(",", more))
        + (more.isEmpty() || less.isEmpty() ? "" : " and ")
        + (less.isEmpty() ? "" : "without " + String.join(",", less));
  }
}
