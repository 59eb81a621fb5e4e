package dev.portcullis.cli.running;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.NearestOption;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of the pods in files are run.
///
/// Pods that are documents of their own are meant to run together. A workload, or what stands in a
/// list, is often only one of many that a cluster has: one of those is run, and where there are
/// more, the user says which.
public final class PodChoice {
  public static final Option ONLY =
      Option.values(
          "only",
          "KIND/NAME",
          "run only this pod or workload of the files, such as deployment/web, or"
              + " NAMESPACE/KIND/NAME; may be repeated");

  public static final Option ALL =
      Option.flag("all", "run all pods, workloads and items of lists of the files together");

  /// The short names that kubectl takes.
  private static final Map<String, String> SHORT =
      Map.of(
          "po", "pod",
          "deploy", "deployment",
          "rs", "replicaset",
          "sts", "statefulset",
          "ds", "daemonset",
          "cj", "cronjob",
          "rc", "replicationcontroller");

  private static final int MOST_LISTED = 20;

  /// Columns before what is listed.
  private static final int INDENT = 2;

  private final List<Name> names;
  private final boolean all;

  private PodChoice(List<Name> names, boolean all) {
    this.names = names;
    this.all = all;
  }

  /// The choice of {@link #ONLY} and {@link #ALL}.
  public static PodChoice read(Arguments arguments) throws UsageException {
    List<Name> names = new ArrayList<>();
    for (String text : arguments.values(ONLY)) {
      names.add(Name.read(text));
    }
    if (!names.isEmpty() && arguments.has(ALL)) {
      throw new UsageException(ONLY.text() + " and " + ALL.text() + " exclude each other");
    }
    return new PodChoice(names, arguments.has(ALL));
  }

  /// What came of it.
  public sealed interface Choice {}

  /// These are run.
  public record Chosen(List<JudgedPod> pods) implements Choice {
    public Chosen {
      pods = List.copyOf(pods);
    }
  }

  /// It is not clear which.
  ///
  /// @param candidates what could be chosen, as {@link #ONLY} takes it, and where it stands
  public record Unclear(String why, SequencedMap<String, String> candidates) implements Choice {

    /// Lists what could be chosen. A line is not broken where the terminal ends: it is copied.
    public void print(Terminal terminal) {
      Paragraph lines = Paragraph.on(terminal.unbounded());
      candidates.entrySet().stream()
          .limit(MOST_LISTED)
          .forEach(each ->
              lines.detail(
                  ONLY.text() + " " + Escape.line(each.getKey()), "(" + each.getValue() + ")"));
      if (candidates.size() > MOST_LISTED) {
        lines.detail("", INDENT, "and " + (candidates.size() - MOST_LISTED) + " more");
      }
    }
  }

  /// Chooses among the pods of the files.
  public Choice of(List<JudgedPod> pods) {
    if (names.isEmpty()) {
      boolean clear =
          all
              || pods.size() <= 1
              || pods.stream()
                  .noneMatch(pod -> pod.judgement().pod().isTemplate() || pod.source().listed());
      return clear
          ? new Chosen(pods)
          : unclear(
              "which of "
                  + pods.size()
                  + " pods is to run? Choose with "
                  + ONLY.text()
                  + ", or run them together with "
                  + ALL.text(),
              pods);
    }
    Set<JudgedPod> chosen = new LinkedHashSet<>();
    for (Name name : names) {
      List<JudgedPod> matching = pods.stream().filter(name::fits).toList();
      if (matching.isEmpty()) {
        return unclear(
            ONLY.text()
                + " "
                + name.text()
                + ": the files have no such pod"
                + NearestOption.hint(name.text(), "", labels(name, pods)),
            pods);
      }
      if (matching.stream().map(PodChoice::label).distinct().count() > 1) {
        return unclear(ONLY.text() + " " + name.text() + " fits more than one", matching);
      }
      chosen.addAll(matching);
    }
    return new Chosen(List.copyOf(chosen));
  }

  private static Unclear unclear(String why, List<JudgedPod> pods) {
    boolean oneNamespace =
        pods.stream().map(pod -> pod.judgement().namespace()).distinct().count() == 1;
    SequencedMap<String, String> candidates = new LinkedHashMap<>();
    for (JudgedPod pod : pods) {
      candidates.putIfAbsent(
          oneNamespace ? shortLabel(pod) : label(pod),
          pod.place(pod.judgement().pod().object().at()));
    }
    return new Unclear(why, candidates);
  }

  /// Of all pods, with the namespace where the name has one.
  private static List<String> labels(Name name, List<JudgedPod> pods) {
    return pods.stream()
        .map(pod -> name.namespace() == null ? shortLabel(pod) : label(pod))
        .toList();
  }

  private static String label(JudgedPod pod) {
    return pod.judgement().namespace() + "/" + shortLabel(pod);
  }

  private static String shortLabel(JudgedPod pod) {
    Pod.Identity identity = pod.judgement().pod().identity();
    return identity.kind().toLowerCase(Locale.ROOT) + "/" + identity.name();
  }

  /// What a user calls a pod or a workload.
  ///
  /// @param namespace null for any
  /// @param kind in lower case
  private record Name(String text, @Nullable String namespace, String kind, String name) {

    static Name read(String text) throws UsageException {
      String[] parts = text.split("/", -1);
      int last = parts.length - 1;
      if (last < 1 || last > 2 || List.of(parts).contains("")) {
        throw new UsageException(
            ONLY.text()
                + " \""
                + text
                + "\": write KIND/NAME, such as deployment/web, or"
                + " NAMESPACE/KIND/NAME");
      }
      String kind = parts[last - 1].toLowerCase(Locale.ROOT);
      return new Name(
          text, last == 1 ? null : parts[0], SHORT.getOrDefault(kind, kind), parts[last]);
    }

    boolean fits(JudgedPod pod) {
      Pod.Identity identity = pod.judgement().pod().identity();
      String its = identity.kind().toLowerCase(Locale.ROOT);
      return identity.name().equals(name)
          && (its.equals(kind) || kind.equals(its + "s"))
          && (namespace == null || pod.judgement().namespace().equals(namespace));
    }
  }
}
