package dev.portcullis.cri.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.KnownContainer;
import dev.portcullis.cri.RuntimeConfiguration;
import dev.portcullis.cri.RuntimeSpecSeccomp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The profile behind `runtime/default`, as a runtime really has it. CRI has no question for it: a
/// container that runs under it is looked for, and the runtime asked what that was given.
///
/// Passed over is what CRI-O's seccomp notifier watches, as it changes what the default denies.
public final class RuntimeDefaultProfile {
  private static final int MOST_QUESTIONS = 1_000;
  private static final String UNNAMED = "the default handler";

  private final Cri cri;
  private final Set<String> capabilities;
  private final RuntimeConfiguration configuration;
  private final boolean differs;

  private final Map<String, Found> found = new TreeMap<>();
  private final Set<String> others = new TreeSet<>();
  private int watched;

  private RuntimeDefaultProfile(Cri cri, Set<String> capabilities, KnownRuntime runtime) {
    this.cri = cri;
    this.capabilities = capabilities;
    configuration = runtime.status().configuration();
    differs = runtime.facts() == null || runtime.facts().facts().mayDifferByHandler();
  }

  /// What came of the search.
  public sealed interface Search {}

  /// A container has it.
  ///
  /// @param container the id of the container, or of the sandbox
  /// @param given has a profile
  public record Found(String container, RuntimeSpecSeccomp given) implements Search {
    private String profile() {
      return new String(given.profile().orElseThrow(), UTF_8);
    }
  }

  /// No container that runs shows it.
  public record NotFound(String reason) implements Search {}

  /// Looks for it.
  ///
  /// @param capabilities of the container that it is wanted for, in names as `CAP_CHOWN`: runtimes
  ///   add calls to their default by the capabilities of each container
  /// @param handler whose default it is to be; empty where it does not matter, which is an error
  ///   where two handlers have different ones
  public static Search search(Cri cri, Set<String> capabilities, String handler)
      throws CriException {
    KnownRuntime runtime = KnownRuntime.ask(cri);
    Set<String> handlers = runtime.status().handlers();
    if (!handler.isEmpty() && !handlers.isEmpty() && !handlers.contains(handler)) {
      return new NotFound(
          "it has no handler \""
              + handler
              + "\"; it has "
              + String.join(", ", new TreeSet<>(handlers)));
    }
    return new RuntimeDefaultProfile(cri, capabilities, runtime).search(handler);
  }

  private Search search(String handler) throws CriException {
    Set<String> handlers = new HashSet<>();
    List<Question> questions = questions();
    questions.forEach(question -> handlers.add(question.handler()));
    for (Question question : questions) {
      if (handler.isEmpty() ? found.containsKey(question.handler()) : !isOf(handler, question)) {
        continue;
      }
      look(question);
      if (!found.isEmpty()
          && (!handler.isEmpty() || !differs || found.keySet().containsAll(handlers))) {
        break;
      }
    }
    return found.isEmpty() ? notFound(handler) : theOne();
  }

  private static boolean isOf(String handler, Question question) {
    return question.handler().equals(handler);
  }

  private void look(Question question) throws CriException {
    RuntimeSpecSeccomp given = ask(question);
    if (given == null || !given.isRuntimeDefault() || given.profile().isEmpty()) {
      return;
    }
    if (given.isWatched(question.id())) {
      watched++;
      return;
    }
    Set<String> bounding = given.boundingCapabilities();
    if (bounding.equals(capabilities)) {
      found.put(question.handler(), new Found(question.id(), given));
    } else {
      others.add(difference(bounding, capabilities));
    }
  }

  private Search theOne() {
    Map<String, String> handlerOf = new TreeMap<>();
    found.forEach((handler, each) -> handlerOf.putIfAbsent(each.profile(), handler));
    return handlerOf.size() == 1
        ? found.values().iterator().next()
        : new NotFound(
            "its handlers have different defaults ("
                + String.join(
                    ", ", new TreeSet<>(handlerOf.values().stream().map(this::words).toList()))
                + "): name one with --runtime-handler");
  }

  private String words(String handler) {
    return handler.isEmpty() ? UNNAMED : handler;
  }

  private Search notFound(String handler) {
    String where = handler.isEmpty() ? "" : " by the handler " + handler;
    String but =
        watched == 0
            ? ""
            : " (except " + watched + " whose profile the runtime's seccomp notifier has changed)";
    return new NotFound(
        others.isEmpty()
            ? "no container runs with runtime/default here"
                + where
                + but
                + ", or the runtime does not report it; start a pod with this profile that keeps"
                + " running, and try again"
            : "containers run with runtime/default here"
                + where
                + ", but none with these capabilities, on which the default profile depends; some"
                + " run with "
                + String.join("; with ", others)
                + ": name these with --capabilities, or start a container with yours");
  }

  private interface Query {
    Optional<RuntimeSpecSeccomp> ask() throws CriException;
  }

  /// @param handler by its name, as far as the runtime reports it
  private record Question(String id, String handler, Query query) {}

  /// Containers first: they are what the answer is about. Kubelets ask for the default for the
  /// sandbox, too.
  private List<Question> questions() throws CriException {
    Map<String, String> handlers = cri.handlersOfSandboxes();
    List<Question> questions = new ArrayList<>();
    for (KnownContainer container : cri.all()) {
      if (container.running()) {
        questions.add(
            new Question(
                container.id(),
                named(handlers.getOrDefault(container.sandboxId(), "")),
                () -> cri.given(container.id())));
      }
    }
    handlers.forEach((sandbox, handler) ->
        questions.add(new Question(sandbox, named(handler), () -> cri.givenToSandbox(sandbox))));
    return questions.subList(0, Math.min(questions.size(), MOST_QUESTIONS));
  }

  private String named(String handler) {
    return handler.isEmpty() ? configuration.defaultHandler() : handler;
  }

  private static @Nullable RuntimeSpecSeccomp ask(Question question) throws CriException {
    try {
      return question.query().ask().orElse(null);
    } catch (CriException gone) {
      if (gone.kind() == CriException.Kind.NOT_FOUND) {
        return null;
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
